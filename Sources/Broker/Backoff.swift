/// How long to wait before the next attempt: decorrelated jitter, so that many clients of a restarted broker do not
/// come back in step. Pure: the random number is passed in.
package struct Backoff: Sendable, Equatable {
    /// Milliseconds of the shortest wait.
    package let minimum: Int64
    /// Milliseconds of the longest wait.
    package let maximum: Int64
    /// Milliseconds a connection must have lasted for the waits to start small again.
    package let stableAfter: Int64
    private var previous: Int64

    package init(minimum: Int64 = 1000, maximum: Int64 = 30_000, stableAfter: Int64 = 10_000) {
        precondition(minimum > 0 && maximum >= minimum, "a back-off needs 0 < minimum ≤ maximum")
        self.minimum = minimum
        self.maximum = maximum
        self.stableAfter = stableAfter
        previous = minimum
    }

    /// The next wait in milliseconds: between `minimum` and three times the wait before, never above `maximum`.
    /// - Parameter random: in `0..<1`.
    package mutating func next(random: Double) -> Int64 {
        let ceiling = min(maximum, previous * 3)
        previous = minimum + Int64(Double(ceiling - minimum) * random)
        return previous
    }

    /// A connection that lasted long enough makes the next waits small again.
    package mutating func connectionLasted(milliseconds: Int64) {
        if milliseconds >= stableAfter { previous = minimum }
    }
}
