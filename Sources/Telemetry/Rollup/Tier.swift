/// The lengths of windows that are kept.
package enum Tier: Int, Sendable, CaseIterable, Comparable, BitwiseCopyable {
    case minute
    case quarterHour
    case hour
    case day

    /// As files, commands and table names say it.
    package var name: String {
        switch self {
        case .minute: "1m"
        case .quarterHour: "15m"
        case .hour: "1h"
        case .day: "1d"
        }
    }

    package init?(name: String) {
        guard let tier = Tier.allCases.first(where: { $0.name == name }) else { return nil }
        self = tier
    }

    /// Nominal length; a day on which clocks are set is an hour off.
    package var length: Milliseconds {
        switch self {
        case .minute: Span.minute
        case .quarterHour: 15 * Span.minute
        case .hour: Span.hour
        case .day: Span.day
        }
    }

    package var next: Tier? { Tier(rawValue: rawValue + 1) }

    package static func < (left: Tier, right: Tier) -> Bool { left.rawValue < right.rawValue }

    /// Begin of the window that holds `time`; all tiers are aligned to local midnight.
    @inlinable
    package func start(of time: Milliseconds, in zone: ZoneOffsets) -> Milliseconds {
        if self == .minute { return time - time.floorDivided(by: Span.minute).remainder }
        let offset = zone.offset(at: time)
        let local = time + offset
        let localStart = local - local.floorDivided(by: length).remainder
        return self == .day ? zone.utc(fromLocal: localStart) : localStart - offset
    }

    /// End of the window that begins at `start`.
    package func end(of start: Milliseconds, in zone: ZoneOffsets) -> Milliseconds {
        guard self == .day else { return start + length }
        // 36 hours on is within the next local day, whether it has 23, 24 or 25 hours.
        return self.start(of: start + 36 * Span.hour, in: zone)
    }
}
