import Foundation
package import Telemetry

extension ZoneOffsets {
    /// The offsets of an IANA zone from 1970 to 2050, from the system's zone table; nil if it has no such zone.
    ///
    /// Found by sampling: asking for transitions of daylight saving time leaves out changes of the standard time.
    package init?(named name: String) {
        guard name == "UTC" || name.contains("/"), let zone = TimeZone(identifier: name) else { return nil }
        func offset(at seconds: Int64) -> Milliseconds {
            Milliseconds(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds)))) * Span.second
        }
        var transitions = [Transition(from: .min, offset: offset(at: 0))]
        for week in 0..<Self.weeks {
            let before = transitions[transitions.count - 1].offset
            var (low, high) = (week * Self.week, (week + 1) * Self.week)
            guard offset(at: high) != before else { continue }
            while high - low > 1 {
                let middle = (low + high) / 2
                if offset(at: middle) == before { low = middle } else { high = middle }
            }
            transitions.append(Transition(from: high * Span.second, offset: offset(at: high)))
        }
        self.init(name: name, transitions: transitions)
    }

    /// In seconds: no zone ever changed twice in one.
    private static let week: Int64 = 7 * 86_400
    /// From 1970 into 2050.
    private static let weeks: Int64 = 4_175
}

/// Zones looked up so far: finding one takes a few milliseconds.
final class ZoneTable {
    private var known: [String: ZoneOffsets] = [:]

    func zone(named name: String) -> ZoneOffsets? {
        if let zone = known[name] { return zone }
        let zone = ZoneOffsets(named: name)
        known[name] = zone
        return zone
    }
}
