/// What the alerts asked of the operators over a time, next to what a person can do (EEMUA 191, ISA-18.2 section 16).
///
/// By the moments at which alerts were recorded, for that is when somebody had to look.
package struct Scoreboard: Sendable, Equatable, Codable {
    /// A transition that an operator hears, or answers with.
    package struct Entry: Sendable {
        package enum Kind: Sendable {
            case announced
            /// To another unit: the first still waits.
            case announcedAgain
            case acknowledged
        }

        package var kind: Kind
        package var alert: Int64
        package var rule: String
        package var device: String
        package var priority: AlertPriority
        package var at: Milliseconds

        package init(
            _ kind: Kind, alert: Int64, rule: String, device: String, priority: AlertPriority,
            at: Milliseconds
        ) {
            self.kind = kind
            self.alert = alert
            self.rule = rule
            self.device = device
            self.priority = priority
            self.at = at
        }
    }

    package enum Measure: String, Sendable, CaseIterable, Codable {
        /// Annunciations.
        case perTenMinutes = "per-ten-minutes"
        case perDay = "per-day"
        case peakTenMinutes = "peak-ten-minutes"
        case floodShare = "flood-share"
        /// Alerts announced three times or more within a minute.
        case chattering
        /// Alerts that have stood for more than a day.
        case stale
        case highShare = "high-share"
        case criticalShare = "critical-share"
        /// Of the ten rules and devices that were announced most.
        case topTenShare = "top-ten-share"
        case minutesToAcknowledge = "minutes-to-acknowledge"

        /// The most that is manageable: what the reports call acceptable, or the least of their bands.
        package var limit: Double {
            switch self {
            case .perTenMinutes: 2
            case .perDay: 150
            case .peakTenMinutes: 10
            case .floodShare: 0.01
            case .chattering: 0
            case .stale: 5
            case .highShare: 0.05
            case .criticalShare: 0.01
            case .topTenShare: 0.05
            case .minutesToAcknowledge: 10
            }
        }
    }

    package struct Figure: Sendable, Equatable, Codable {
        package var measure: Measure
        /// nil where there was nothing to measure.
        package var value: Double?
        package var limit: Double
        package var isMet: Bool
    }

    /// A rule on a device, with how often it was announced.
    package struct Source: Sendable, Equatable, Codable {
        package var rule: String
        package var device: String
        package var count: Int
    }

    package var fromMs: Milliseconds
    package var toMs: Milliseconds
    package var announced: Int
    package var floods: Int
    package var figures: [Figure]
    /// The ten that were announced most.
    package var top: [Source]
    package var chattering: [Source]

    /// Announced three times within that is chattering.
    private static let chatteringSpan = Span.minute
    private static let chatteringCount = 3
    private static let topCount = 10

    /// - Parameters:
    ///   - entries: in order of time, all in `range`.
    ///   - stale: alerts that have stood for more than a day at its end.
    package init(_ entries: [Entry], over range: Range<Milliseconds>, stale: Int) {
        let announced = entries.filter { $0.kind != .acknowledged }
        var meter = FloodMeter()
        for entry in announced { meter.note(at: entry.at) }
        meter.advance(to: range.upperBound)
        let times = Dictionary(grouping: announced) { Key(rule: $0.rule, device: $0.device) }
            .mapValues { $0.map(\.at) }
        let sources = Self.sources(times)
        fromMs = range.lowerBound
        toMs = range.upperBound
        self.announced = announced.count
        floods = meter.floods
        top = Array(sources.prefix(Self.topCount))
        chattering = Self.sources(times.filter { Self.isChattering($0.value) })
        let length = Double(range.upperBound - range.lowerBound)
        let count = Double(announced.count)
        func rate(_ part: Double) -> Double? { range.isEmpty ? nil : part / length }
        func share(_ part: Int) -> Double? { announced.isEmpty ? nil : Double(part) / count }
        let values: [Measure: Double] = [
            .perTenMinutes: rate(count * Double(FloodMeter.window)),
            .perDay: rate(count * Double(Span.day)),
            .peakTenMinutes: Double(meter.peak),
            .floodShare: rate(Double(meter.duration(to: range.upperBound))),
            .chattering: Double(chattering.count), .stale: Double(stale),
            .highShare: share(announced.count { $0.priority == .high }),
            .criticalShare: share(announced.count { $0.priority == .critical }),
            .topTenShare: share(top.reduce(0) { $0 + $1.count }),
            .minutesToAcknowledge: Self.minutesToAcknowledge(entries),
        ].compactMapValues { $0 }
        figures = Measure.allCases.map { measure in
            let value = values[measure]
            return Figure(
                measure: measure, value: value, limit: measure.limit,
                isMet: value.map { $0 <= measure.limit } ?? true)
        }
    }

    private struct Key: Hashable {
        var rule: String
        var device: String
    }

    /// The most frequent first.
    private static func sources(_ times: [Key: [Milliseconds]]) -> [Source] {
        times.map { Source(rule: $0.rule, device: $0.device, count: $1.count) }.sorted {
            ($1.count, $0.rule, $0.device) < ($0.count, $1.rule, $1.device)
        }
    }

    private static func isChattering(_ times: [Milliseconds]) -> Bool {
        zip(times, times.dropFirst(chatteringCount - 1)).contains { $1 - $0 < chatteringSpan }
    }

    /// The mean, of alerts that were announced in the same time; nil without one.
    private static func minutesToAcknowledge(_ entries: [Entry]) -> Double? {
        var waiting: [Int64: Milliseconds] = [:]
        var waits: [Double] = []
        for entry in entries {
            switch entry.kind {
            case .announced: waiting[entry.alert] = entry.at
            case .announcedAgain: continue
            case .acknowledged:
                guard let since = waiting.removeValue(forKey: entry.alert) else { continue }
                waits.append(Double(entry.at - since) / Double(Span.minute))
            }
        }
        return waits.isEmpty ? nil : waits.reduce(0, +) / Double(waits.count)
    }
}
