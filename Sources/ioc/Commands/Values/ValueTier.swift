import ArgumentParser
import Telemetry

/// What a query reads: rollups of a tier, or readings as they came.
enum ValueTier: ExpressibleByArgument, Sendable, Equatable {
    case rollup(Tier)
    case raw

    init?(argument: String) {
        if argument == "raw" {
            self = .raw
        } else if let tier = Tier(name: argument) {
            self = .rollup(tier)
        } else {
            return nil
        }
    }

    static var allValueStrings: [String] { Tier.allCases.map(\.name) + ["raw"] }

    var defaultValueDescription: String {
        switch self {
        case .raw: "raw"
        case .rollup(let tier): tier.name
        }
    }
}
