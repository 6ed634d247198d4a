package import Synchronization
package import Telemetry

/// Operators' commands on their way to the drain thread, which owns the alerts.
package final class CommandInbox: Sendable {
    package enum Refusal: Error, Sendable, Equatable {
        /// The alert is not known, or not in a state that allows it.
        case notPossible
        /// Too many are waiting, as storage is stuck, or nobody will take it any more.
        case busy
        /// It is done, and may still be stored: storage is stuck.
        case undecided
    }

    package typealias Reply = @Sendable (Result<AlertEvent, Refusal>) -> Void

    package typealias RegimeReply = @Sendable (Result<RegimeSwitch, Refusal>) -> Void

    struct Pending: Sendable {
        /// Does it, and gives back what tells the operator: that it is durable, or why it is not.
        let carryOut: @Sendable (inout BatchComposer, Milliseconds) -> @Sendable (Refusal?) -> Void
        let refuse: @Sendable (Refusal) -> Void
    }

    /// An operator sends one at a time; more than this are a stuck disk.
    package static let capacity = 1_024

    /// Commands turned away because too many were waiting, or the drain had ended.
    package let refused = Atomic<Int64>(0)
    private struct State {
        var pending: [Pending] = []
        var isClosed = false
    }

    private let state = Mutex(State())
    private let work: Doorbell

    package init(work: Doorbell) { self.work = work }

    /// - Parameter reply: called on the drain thread once the transition is durable, or refused.
    package func put(_ command: AlertCommand, reply: @escaping Reply) {
        put(reply) { $0.take(command, at: $1) }
    }

    /// - Parameter reply: called on the drain thread once the switch is durable, or refused.
    package func put(_ change: RegimeSwitch, reply: @escaping RegimeReply) {
        put(reply) { $0.take(change, at: $1) }
    }

    private func put<Outcome: Sendable>(
        _ reply: @escaping @Sendable (Result<Outcome, Refusal>) -> Void,
        _ work: @escaping @Sendable (inout BatchComposer, Milliseconds) -> Outcome?
    ) {
        let made = Pending(
            carryOut: { composer, now in
                let outcome = work(&composer, now)
                return { refusal in
                    guard let outcome else { return reply(.failure(.notPossible)) }
                    reply(refusal.map { .failure($0) } ?? .success(outcome))
                }
            }, refuse: { reply(.failure($0)) })
        let isTaken = state.withLock { state in
            guard !state.isClosed, state.pending.count < Self.capacity else { return false }
            state.pending.append(made)
            return true
        }
        if isTaken {
            self.work.ring()
        } else {
            refused.add(1, ordering: .relaxed)
            made.refuse(.busy)
        }
    }

    package var count: Int { state.withLock { $0.pending.count } }

    func take() -> [Pending] {
        state.withLock { state in
            defer { state.pending = [] }
            return state.pending
        }
    }

    /// Refuses what waits and whatever comes: an operator, and a console that is to end, would wait for an answer for good.
    func close() {
        state.withLock { $0.isClosed = true }
        for pending in take() { pending.refuse(.busy) }
    }
}
