import Foundation
import Store
import Telemetry

/// Times as the clocks of the city show them.
struct LocalTime: Sendable {
    let zone: ZoneOffsets

    /// The city's zone as the database knows it; where there is no database to read, the zone of this machine.
    static func ofCity(dataDirectory: String, now: Milliseconds) -> LocalTime {
        if let reader = try? StoreReader(directory: dataDirectory) { return LocalTime(zone: reader.zone) }
        let date = Date(timeIntervalSince1970: Double(now) / 1_000)
        let offset = Milliseconds(TimeZone.current.secondsFromGMT(for: date)) * 1_000
        return LocalTime(zone: ZoneOffsets(name: TimeZone.current.identifier, fixedOffset: offset))
    }

    /// `2026-01-05 08:02:03`.
    func full(_ time: Milliseconds) -> String {
        let whole = time - time.floorDivided(by: 1_000).remainder
        return Civil.iso8601(whole + zone.offset(at: time), suffix: "", separator: " ")
    }

    /// `08:02:03`.
    func clock(_ time: Milliseconds) -> String { String(full(time).suffix(8)) }

    /// Two figures are enough to know how old something is: `45s`, `12m`, `3h05`, `2d04h`.
    static func age(_ length: Milliseconds) -> String {
        let seconds = max(length, 0) / 1_000
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        switch seconds {
        case ..<60: return "\(seconds)s"
        case ..<3_600: return "\(seconds / 60)m"
        case ..<86_400: return "\(seconds / 3_600)h\(two(seconds / 60 % 60))"
        default: return "\(seconds / 86_400)d\(two(seconds / 3_600 % 24))h"
        }
    }
}
