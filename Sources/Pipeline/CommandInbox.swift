package import Synchronization
package import Telemetry

/// Operators' commands on their way to the drain thread, which owns the alerts.
package final class CommandInbox: Sendable {
    package enum Refusal: Error, Sendable, Equatable {
        /// The alert is not known, or not in a state that allows it.
        case notPossible
        /// Too many are waiting: storage is stuck.
        case busy
    }

    package typealias Reply = @Sendable (Result<AlertEvent, Refusal>) -> Void

    struct Pending: Sendable {
        var command: AlertCommand
        var reply: Reply
    }

    /// An operator sends one at a time; more than this are a stuck disk.
    package static let capacity = 1_024

    /// Commands turned away because too many were waiting.
    package let refused = Atomic<Int64>(0)
    private let pending = Mutex<[Pending]>([])
    private let work: Doorbell

    package init(work: Doorbell) { self.work = work }

    /// - Parameter reply: called on the drain thread once the transition is durable, or refused.
    package func put(_ command: AlertCommand, reply: @escaping Reply) {
        let isTaken = pending.withLock { pending in
            guard pending.count < Self.capacity else { return false }
            pending.append(Pending(command: command, reply: reply))
            return true
        }
        if isTaken {
            work.ring()
        } else {
            refused.add(1, ordering: .relaxed)
            reply(.failure(.busy))
        }
    }

    package var count: Int { pending.withLock { $0.count } }

    func take() -> [Pending] { pending.takeAll() }
}
