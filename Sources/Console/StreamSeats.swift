import Synchronization

/// Bounds the live streams that are open at a time.
final class StreamSeats: Sendable {
    /// Taken as long as it is held: a stream that ends before it began gives it back too.
    final class Seat: Sendable {
        private let seats: StreamSeats
        fileprivate init(_ seats: StreamSeats) { self.seats = seats }
        deinit { seats.taken.withLock { $0 -= 1 } }
    }

    let count: Int
    private let taken = Mutex(0)

    init(count: Int) { self.count = count }

    /// nil if all are taken.
    func take() -> Seat? {
        taken.withLock { taken in
            guard taken < count else { return false }
            taken += 1
            return true
        } ? Seat(self) : nil
    }
}
