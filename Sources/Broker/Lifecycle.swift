/// What a client does next: connect, serve, wait or settle. Pure: results, time (milliseconds) and chance come in.
///
///     open → opening → greeting → serving ──┬─ lost ──────────→ waiting → open
///                                           └─ storage failed → settling → waiting → open
struct Lifecycle: Sendable, Equatable {
    enum Step: Sendable, Equatable {
        /// Begin an attempt now.
        case open
        /// A thread is connecting.
        case opening
        /// TCP is up and CONNECT is out; the answer is due by then.
        case greeting(until: Int64)
        case serving(since: Int64)
        case waiting(until: Int64)
        /// Storage failed; it must be durable before the broker may send again.
        case settling(until: Int64)
    }

    /// How long a broker may take for its CONNACK, in milliseconds.
    static let greetingTime: Int64 = 10_000
    /// How long to leave failed storage alone, in milliseconds.
    static let settlingPause: Int64 = 250

    private(set) var step: Step = .open
    private var backoff: Backoff

    init(backoff: Backoff) { self.backoff = backoff }

    /// The step as of `now`.
    mutating func step(now: Int64) -> Step {
        if case .waiting(let until) = step, now >= until { step = .open }
        return step
    }

    mutating func began() { step = .opening }

    mutating func opened(now: Int64) { step = .greeting(until: now + Self.greetingTime) }

    mutating func accepted(now: Int64) { step = .serving(since: now) }

    /// The attempt failed or the connection ended.
    mutating func lost(now: Int64, random: Double) {
        if case .serving(let since) = step { backoff.connectionLasted(milliseconds: now - since) }
        step = .waiting(until: now + backoff.next(random: random))
    }

    /// Nothing received may be acknowledged: settle before anything else.
    mutating func storageFailed(now: Int64) { step = .settling(until: now + Self.settlingPause) }

    var isServing: Bool { if case .serving = step { true } else { false } }

    /// The broker owed an answer and did not give it.
    func greetingIsOverdue(now: Int64) -> Bool {
        if case .greeting(let until) = step { now >= until } else { false }
    }
}
