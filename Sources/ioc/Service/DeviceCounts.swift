import Store
import Synchronization

/// How many devices are how quiet, counted once a second however often it is asked: what it follows from is stored once a
/// second, and a city has many devices.
final class DeviceCounts: Sendable {
    private static let microseconds: Int64 = 1_000_000
    private let kept = Mutex<(at: Int64, counts: [String: Int])?>(nil)

    /// - Parameter ticks: microseconds of a clock that never goes back.
    func counts(_ reader: StoreReader, at ticks: Int64) throws -> [String: Int] {
        try kept.withLock { kept in
            if let kept, ticks - kept.at < Self.microseconds { return kept.counts }
            let counts = try reader.freshnessCounts()
            kept = (ticks, counts)
            return counts
        }
    }
}
