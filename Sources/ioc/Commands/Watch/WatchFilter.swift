import Telemetry

/// What an operator types to look at a part: words, each of them a priority, a domain or a ward.
struct WatchFilter: Sendable, Equatable {
    var domain: String?
    var ward: String?
    var priority: AlertPriority?

    init(domain: String? = nil, ward: String? = nil, priority: AlertPriority? = nil) {
        self.domain = domain
        self.ward = ward
        self.priority = priority
    }

    /// - Parameter domains: that are known; what is neither one of them nor a priority is a ward.
    init(_ text: String, domains: [String]) {
        for word in text.split(separator: " ").map(String.init) {
            let priority = AlertPriority.allCases.first {
                $0.rawValue == word || $0.spoken.vi.replacing(" ", with: "-") == word
            }
            if let priority {
                self.priority = priority
            } else if domains.contains(word) {
                domain = word
            } else {
                ward = word
            }
        }
    }

    var text: String { [domain, ward, priority?.rawValue].compactMap(\.self).joined(separator: " ") }

    /// As the parameters of a request.
    var query: ServiceClient.Parameters {
        [("domain", domain), ("ward", ward), ("priority", priority?.rawValue)].compactMap { name, value in
            value.map { (name, $0) }
        }
    }
}
