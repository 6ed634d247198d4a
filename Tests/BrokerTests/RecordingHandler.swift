import Broker
import Synchronization

/// Remembers all it was told, and answers as the test wishes.
final class RecordingHandler: IntakeHandler, Sendable {
    struct Message: Equatable {
        var topic: String
        var payload: String
        var packetID: UInt16
        var qos: UInt8
        var retained: Bool
    }

    struct Record {
        var messages: [Message] = []
        /// `sessionPresent` of every connection.
        var connections: [Bool] = []
        var disconnections: [String] = []
        var errors: [BrokerError] = []
        var subscriptions = 0
        /// The number of the next echo.
        var nextEcho: Int64 = 1
        /// Those that came back, with how many messages were here by then.
        var echoes: [(number: Int64, messages: Int)] = []
        var settlements = 0
        var dropped: UInt64?
        /// What `settle` answers.
        var answer = Settlement.durable
        var hasRoom = true
        /// Stops having room once so many messages are here.
        var capacity = Int.max
        var isStopped = false

        var payloads: [String] { messages.map(\.payload) }

        /// Without what came again.
        var firstPayloads: [String] {
            var seen: Set<String> = []
            return payloads.filter { seen.insert($0).inserted }
        }
    }

    private let record = Mutex(Record())

    var now: Record { record.withLock { $0 } }
    func set(_ change: (inout Record) -> Void) { record.withLock { change(&$0) } }

    func connected(sessionPresent: Bool) { set { $0.connections.append(sessionPresent) } }
    func subscribed() { set { $0.subscriptions += 1 } }
    func echo() -> Int64 { now.nextEcho }
    func echoed(_ number: Int64) { set { $0.echoes.append((number, $0.messages.count)) } }
    func disconnected(reason: String) { set { $0.disconnections.append(reason) } }
    func subscriptionRefused(_ error: BrokerError) { set { $0.errors.append(error) } }
    func unreachable(_ error: BrokerError) { set { $0.errors.append(error) } }
    var hasRoom: Bool { record.withLock { $0.hasRoom && $0.messages.count < $0.capacity } }
    func brokerDropped(total: UInt64) { set { $0.dropped = total } }
    func idle() -> Bool { !record.withLock { $0.isStopped } }

    func receive(_ message: borrowing IncomingMessage) {
        let copy = Message(
            topic: String(decoding: message.topic, as: UTF8.self),
            payload: String(decoding: message.payload, as: UTF8.self), packetID: message.packetID,
            qos: message.qos,
            retained: message.retained)
        set { $0.messages.append(copy) }
    }

    func settle() -> Settlement {
        record.withLock {
            $0.settlements += 1
            return $0.answer
        }
    }
}
