import Synchronization

/// What a gateway has sent, and what became of it. Both the gateway's thread and its connection's count here.
final class Deliveries: Sendable {
    private struct Expected {
        var entry: LedgerEntry
        var kind: MessageKind
    }

    private let ledger: Ledger?
    private let expected = Mutex<[Int32: Expected]>([:])
    private let sentCount = Atomic<Int>(0)
    private let acknowledgedCount = Atomic<Int>(0)
    private let refusedCount = Atomic<Int>(0)

    init(ledger: Ledger?) { self.ledger = ledger }

    var sent: Int { sentCount.load(ordering: .relaxed) }
    var acknowledged: Int { acknowledgedCount.load(ordering: .relaxed) }
    var refused: Int { refusedCount.load(ordering: .relaxed) }

    /// Sent and not yet answered; only at QoS 1.
    var outstanding: Int { sent - acknowledged - refused }

    /// A message was taken for sending; runs before its acknowledgement can.
    func taken(_ message: MadeMessage, id: Int32, qos: Int32) {
        sentCount.add(1, ordering: .relaxed)
        guard let ledger, let entry = message.entry else { return }
        if qos == 0 {
            ledger.write(entry.finished(message.kind, acknowledged: nil))
        } else {
            expected.withLock { $0[id] = Expected(entry: entry, kind: message.kind) }
        }
    }

    func acknowledged(id: Int32) {
        if let ledger, let found = expected.withLock({ $0.removeValue(forKey: id) }) {
            ledger.write(found.entry.finished(found.kind, acknowledged: SystemClock.now()))
        }
        acknowledgedCount.add(1, ordering: .releasing)
    }

    func refused(id: Int32) {
        if ledger != nil { _ = expected.withLock { $0.removeValue(forKey: id) } }
        refusedCount.add(1, ordering: .relaxed)
    }
}
