import ArgumentParser
import Telemetry

/// Which alerts an operator looks at.
struct AlertFilterOptions: ParsableArguments {
    @Option(help: "Only this domain.")
    var domain: String?

    @Option(help: "Only this ward or commune, by its code.")
    var ward: String?

    @Option(help: "Only this priority: low, medium, high or critical.")
    var priority: AlertPriority?

    /// As the parameters of a request.
    var query: [(name: String, value: String)] {
        [("domain", domain), ("ward", ward), ("priority", priority?.rawValue)].compactMap { name, value in
            value.map { (name, $0) }
        }
    }
}

extension AlertPriority: ExpressibleByArgument {}
extension Freshness: ExpressibleByArgument {}
