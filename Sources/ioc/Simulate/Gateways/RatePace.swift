/// When the messages of a fixed rate are due: evenly, each a little off.
struct RatePace {
    private let interval: Double
    private let key: UInt64
    private var origin: Int64
    private var sent: Int64 = 0

    /// - Parameters:
    ///   - rate: messages per second, above 0.
    ///   - start: of the monotonic clock, in microseconds.
    init(rate: Double, start: Int64, key: UInt64) {
        interval = 1e6 / rate
        origin = start
        self.key = key
    }

    /// When the next message is due.
    var due: Int64 {
        origin + Int64((Double(sent) + 0.9 * Chance.unit(Chance.mix(key, at: sent))) * interval)
    }

    /// Behind by more, the rest is given up: devices do not make up for messages they never took.
    private static let patience: Int64 = 1_000_000

    mutating func advance(now: Int64) {
        sent += 1
        if now - due > Self.patience { origin += now - due }
    }
}
