/// When a message that did not get there is tried again: 10 s later, then twice as long each time, up to 15 minutes.
package enum RetrySchedule {
    package static let shortest = 10 * Span.second
    package static let longest = 15 * Span.minute
    /// From the first attempt on; then it has failed.
    package static let patience = Span.day

    /// - Parameters:
    ///   - attempts: made so far, at least one.
    ///   - first: when the first was made.
    ///   - wanted: how long the receiver asks to be left alone.
    ///   - jitter: from 0 to 1: receivers that went down together must not be asked together.
    /// - Returns: nil if it is given up.
    package static func next(
        attempts: Int, first: Milliseconds, now: Milliseconds, wanted: Milliseconds? = nil, jitter: Double
    ) -> Milliseconds? {
        let doubled = shortest << Int64(min(max(attempts - 1, 0), 20))
        let delay = min(doubled, longest)
        // Half of it is certain.
        let jittered = delay / 2 + Milliseconds(Double(delay / 2) * jitter)
        // Who asks for longer than there is patience is asked once more when it ends.
        let rest = max(first + patience - now, 0)
        let next = now + max(jittered, min(wanted ?? 0, rest))
        return next - first > patience ? nil : next
    }
}
