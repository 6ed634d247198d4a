import Broker
import Logging
import Pipeline
import Store
import Synchronization
import Telemetry

/// Hands what the broker delivers to the ingestor, and durability back. Called on the intake thread only.
final class IntakeBridge: IntakeHandler {
    private let channel: IntakeChannel
    private let ingestor: Ingestor
    private let store: Store
    private let watch: BrokerWatch
    private let logger: Logger
    /// Everything published before this moment has been received: what a lost session may have lost begins here. nil
    /// before the first connection.
    private var caughtUp: Milliseconds?
    /// Begin of a gap whose end is not known yet: nothing is subscribed.
    private var openGap: Milliseconds?
    /// The broker keeps some of what is published from us: that all up to an echo was received cannot be said.
    private var isRefused = false
    private var drops: BrokerDrops
    private let isStopping = Atomic<Bool>(false)

    init(
        channel: IntakeChannel, ingestor: Ingestor, store: Store, watch: BrokerWatch,
        position: StoredPosition, logger: Logger
    ) {
        self.channel = channel
        self.ingestor = ingestor
        self.store = store
        self.watch = watch
        caughtUp = position.caughtUp ?? position.at
        drops = BrokerDrops(known: position.brokerDrops, at: caughtUp)
        self.logger = logger
    }

    func connected(sessionPresent: Bool) {
        isRefused = false
        if sessionPresent, openGap == nil {
            resume()
        } else {
            ingestor.resume(history: [])
            openGap = openGap ?? caughtUp
            drops = BrokerDrops(known: nil, at: nil)
        }
        watch.note(isConnected: true, fault: nil)
        logger.info("connected to the broker", metadata: ["session": sessionPresent ? "resumed" : "new"])
    }

    func subscribed() {
        let now = SystemClock.now()
        caughtUp = caughtUp ?? now
        guard let from = openGap else { return }
        openGap = nil
        let gap = Gap(kind: .sessionLost, from: min(from, now), to: now)
        channel.report(gap)
        logger.warning(
            "the broker forgot the session: messages of the last \((gap.to - gap.from) / 1_000) s may be missing; see ioc status"
        )
    }

    func subscriptionRefused(_ error: BrokerError) {
        isRefused = true
        watch.note(isConnected: true, fault: error.description)
        logger.error("\(error.description); until then it is missed")
    }

    func echo() -> Int64 { SystemClock.now() }

    func echoed(_ number: Int64) {
        guard !isRefused else { return }
        caughtUp = number
        channel.caughtUp.store(number, ordering: .relaxed)
    }

    private func resume() {
        // Nothing of this session is stored: what is, belongs to the one before, which gave the same packet ids.
        guard channel.lostSessions.load(ordering: .acquiring) == 0 else {
            return ingestor.resume(history: [])
        }
        do {
            ingestor.resume(history: try store.acknowledgementHistory())
        } catch {
            // Without the history repeats could be counted twice: drop this connection and try again.
            logger.error("cannot read the acknowledgement history: \(error)")
            ingestor.abandon()
        }
    }

    func disconnected(reason: String) {
        let isStopping = isStopping.load(ordering: .relaxed)
        if watch.note(isConnected: false, fault: reason), !isStopping { logger.warning("\(reason)") }
    }

    func unreachable(_ error: BrokerError) {
        if watch.note(isConnected: false, fault: error.description) { logger.warning("\(error.description)") }
    }

    var hasRoom: Bool { ingestor.hasRoom }

    func receive(_ message: borrowing IncomingMessage) {
        ingestor.receive(
            topic: message.topic, payload: message.payload, packet: message.packetID,
            source: message.qos == 0 ? .mqttAtMostOnce : .mqttAtLeastOnce, isRetained: message.retained,
            arrival: SystemClock.now())
    }

    func settle() -> Settlement {
        if ingestor.settle() { return .durable }
        return channel.isStopping.load(ordering: .relaxed) ? .stopping : .failed
    }

    func brokerDropped(total: UInt64) {
        let total = Int64(clamping: total)
        if let gap = drops.take(total, at: SystemClock.now()) {
            channel.report(gap)
            logger.warning("the broker dropped \(gap.count) messages: raise its max_queued_messages")
        }
        channel.brokerDrops.store(total, ordering: .releasing)
    }

    func idle() -> Bool {
        ingestor.idle(now: SystemClock.now())
        return !isStopping.load(ordering: .relaxed)
    }

    /// From any thread: the intake settles, says goodbye and ends.
    func stop() { isStopping.store(true, ordering: .relaxed) }
}
