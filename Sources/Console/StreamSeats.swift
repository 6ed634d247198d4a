import Synchronization

/// Bounds the live streams that are open at a time.
final class StreamSeats: Sendable {
    /// Taken as long as it is held: a stream that ends before it began gives it back too.
    final class Seat: Sendable {
        private let counters: ConsoleCounters
        fileprivate init(_ counters: ConsoleCounters) { self.counters = counters }
        deinit { counters.streams.subtract(1, ordering: .relaxed) }
    }

    let count: Int
    private let counters: ConsoleCounters

    init(count: Int, counters: ConsoleCounters) {
        self.count = count
        self.counters = counters
    }

    /// nil if all are taken.
    func take() -> Seat? {
        // Added first and taken back, so that two who ask at once cannot both have the last.
        guard counters.streams.add(1, ordering: .relaxed).newValue <= count else {
            counters.streams.subtract(1, ordering: .relaxed)
            counters.refusedStreams.add(1, ordering: .relaxed)
            return nil
        }
        return Seat(counters)
    }
}
