package import Telemetry

/// What one shift leaves to the next: what is there now, and what happened in `[fromMs, toMs)`.
package struct Handover: Codable, Sendable {
    /// Rows of a list; there may be more, which are counted.
    package static let longest = 200

    package struct Listed<Row: Codable & Sendable>: Codable, Sendable {
        package var count: Int
        /// The first of them.
        package var rows: [Row]

        package init(_ rows: [Row]) {
            count = rows.count
            self.rows = Array(rows.prefix(Handover.longest))
        }
    }

    package struct Refusals: Codable, Sendable, Equatable {
        package var reason: String
        package var topics: Int
        package var lastMs: Milliseconds
        package var lastTopic: String
    }

    package struct Flood: Codable, Sendable, Equatable {
        package var fromMs: Milliseconds
        /// nil while it lasts.
        package var toMs: Milliseconds?
        package var count: Int
        package var firstOut: ConsoleEvent?
    }

    package var fromMs: Milliseconds
    package var toMs: Milliseconds
    /// When the states were looked at.
    package var asOfMs: Milliseconds
    package var domain: String?
    package var ward: String?

    // What is there.
    package var open: Listed<AlertAnswer>
    package var shelved: Listed<AlertAnswer>
    package var suppressed: Listed<AlertAnswer>
    package var outOfService: Listed<AlertAnswer>
    /// Nobody knows whether they still stand: their devices are silent.
    package var unverified: Listed<AlertAnswer>
    /// Standing for more than a day.
    package var stale: Listed<AlertAnswer>
    package var silent: Listed<DeviceAnswer>

    // What happened.
    /// New alerts of the shift that are over.
    package var cameAndWent: Listed<AlertAnswer>
    package var floods: [Flood]
    /// What operators did.
    package var actions: Listed<AlertEventAnswer>
    package var scoreboard: Scoreboard
    package var gaps: [GapAnswer]
    /// Topics with refused messages, the last of which is of the shift, by reason.
    package var rejects: [Refusals]
}
