/// Whether new alerts come faster than anybody can read them: from ten in ten minutes on, until fewer than five (EEMUA 191,
/// ISA-18.2 section 16).
package struct FloodMeter: Sendable {
    package static let window = 10 * Span.minute
    package static let begin = 10
    package static let end = 5

    /// Of the last ten minutes, ascending.
    private var times: ArraySlice<Milliseconds> = []
    package private(set) var isFlood = false
    /// The most there were in ten minutes.
    package private(set) var peak = 0
    package private(set) var floods = 0
    /// How long it was flood so far.
    package private(set) var duration: Milliseconds = 0
    private var since: Milliseconds = 0

    package init() {}

    /// A new alert; not before any other that was noted.
    package mutating func note(at time: Milliseconds) {
        advance(to: time)
        times.append(time)
        peak = max(peak, times.count)
        guard !isFlood, times.count >= Self.begin else { return }
        isFlood = true
        floods += 1
        since = time
    }

    /// The clock reached `now`: what is older than ten minutes falls out, and a flood may have ended on the way.
    package mutating func advance(to now: Milliseconds) {
        while let first = times.first, first + Self.window <= now {
            times.removeFirst()
            guard isFlood, times.count < Self.end else { continue }
            isFlood = false
            duration += first + Self.window - since
        }
        if times.isEmpty { times = [] }
    }

    /// How long it was flood up to `now`, to which the clock has been advanced.
    package func duration(to now: Milliseconds) -> Milliseconds { duration + (isFlood ? now - since : 0) }
}
