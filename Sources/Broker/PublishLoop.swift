import CMosquitto
import Synchronization

/// The thread of a `PublishClient`: connects, writes what was queued, reads acknowledgements.
///
/// `@unchecked Sendable`: `lifecycle`, `attempt` and `isReading` are touched by its thread only; the rest never
/// changes or has a lock of its own.
final class PublishLoop: @unchecked Sendable {
    /// Messages in flight to the broker at once. Few, as the library walks them all for each message; still more than
    /// a broker's default of 20.
    private static let inflightMaximum: Int32 = 256

    let settings: BrokerSettings
    let shared: Monitor<PublishShared>
    private let onAcknowledged: (@Sendable (Int32) -> Void)?
    private let onRefused: (@Sendable (Int32, String) -> Void)?
    /// Of each connection its own.
    private let will: (@Sendable () -> Will)?
    private let onReceived: (@Sendable (borrowing IncomingMessage) -> Void)?
    private let wakeUp: WakeUp
    private let thread = Mutex<PlainThread?>(nil)
    private var lifecycle: Lifecycle
    private var attempt: ConnectAttempt?
    /// Tells the two kinds of `published` apart: acknowledgements come while reading, QoS 0 is done while writing.
    private var isReading = false
    /// One link for life, unlike the intake's: it holds the messages that must be sent again.
    private var link: Link!

    init(
        _ settings: BrokerSettings, onAcknowledged: (@Sendable (Int32) -> Void)?,
        onRefused: (@Sendable (Int32, String) -> Void)?, will: (@Sendable () -> Will)?,
        onReceived: (@Sendable (borrowing IncomingMessage) -> Void)?
    ) throws(BrokerError) {
        var own = settings
        own.sessionExpiry = 0
        own.stateTopic = nil
        self.settings = own
        self.onAcknowledged = onAcknowledged
        self.onRefused = onRefused
        self.will = will
        self.onReceived = onReceived
        wakeUp = try WakeUp()
        shared = Monitor(PublishShared(window: PublishWindow(limit: PublishClient.windowLimit)))
        lifecycle = Lifecycle(backoff: settings.backoff)
        link = try Link(own, cleanStart: true, events: self)
        link.allowInFlight(Self.inflightMaximum)
    }

    func start() throws(BrokerError) {
        try thread.withLock { thread throws(BrokerError) in
            if thread == nil { thread = try PlainThread { [self] in run() } }
        }
    }

    func stop() {
        shared.withLock { $0.isClosing = true }
        shared.notify()
        wakeUp.signal()
        thread.withLock { thread in
            thread?.join()
            thread = nil
        }
    }

    func publish(
        topic: String, payload: UnsafeRawBufferPointer, qos: Int32, retain: Bool, accepted: (Int32) -> Void
    ) -> Int32? {
        let (mid, mustWake) = shared.withLock { shared -> (Int32?, Bool) in
            guard shared.isConnected, shared.window.hasRoom else { return (nil, false) }
            var mid: Int32 = 0
            let code = link.publish(payload, to: topic, qos: qos, retain: retain, mid: &mid)
            // A connection that ended this moment still keeps a QoS 1 message for the next one.
            let isKept = code == MOSQ_ERR_NO_CONN.rawValue && qos == 1
            guard code == MOSQ_ERR_SUCCESS.rawValue || isKept else { return (nil, false) }
            shared.window.accepted(qos: qos)
            accepted(mid)
            defer { shared.isAsleep = false }
            return (mid, shared.isAsleep)
        }
        if mustWake { wakeUp.signal() }
        return mid
    }
}

// MARK: The thread

extension PublishLoop {
    private func run() {
        while !shared.withLock({ $0.isClosing }) {
            let now = monotonicMilliseconds()
            switch lifecycle.step(now: now) {
            case .open, .settling: begin()
            case .opening: collect()
            case .waiting(let until): wakeUp.wait(milliseconds: until - now)
            case .greeting, .serving: serve()
            }
        }
        if lifecycle.isServing { farewell() }
        shared.withLock { $0.state.phase = .stopped }
        shared.notify()
    }

    private func begin() {
        do throws(BrokerError) {
            if let will { try link.setWill(will()) }
            attempt = try ConnectAttempt(link, wakeUp: wakeUp)
            lifecycle.began()
            shared.withLock { $0.state.phase = .connecting }
        } catch { lose(error) }
    }

    private func collect() {
        guard let attempt else { return }
        switch attempt.outcome {
        case .pending: wakeUp.wait(milliseconds: 1000)
        case .failed(let error): lose(error)
        case .opened:
            self.attempt = nil
            lifecycle.opened(now: monotonicMilliseconds())
        }
    }

    private func lose(_ error: BrokerError) {
        attempt = nil
        lifecycle.lost(now: monotonicMilliseconds(), random: .random(in: 0..<1))
        shared.withLock {
            $0.state.phase = .waiting
            $0.state.lastError = error
            $0.window.disconnected()
        }
        shared.notify()
    }

    private func serve() {
        if lifecycle.greetingIsOverdue(now: monotonicMilliseconds()) {
            return lose(.noGreeting(seconds: Lifecycle.greetingTime / 1000, settings))
        }
        // Asleep is set before the queue is looked at, so a message queued in between rings the bell.
        shared.withLock { $0.isAsleep = true }
        let found = link.poll(reading: true, writing: link.wantsWrite, wakeUp: wakeUp, milliseconds: 250)
        shared.withLock { $0.isAsleep = false }
        let mustRead = !found.isDisjoint(with: [.readable, .dead]) || settings.tls != nil
        let alive = (!mustRead || readAll(found)) && link.keepAlive() && (!link.wantsWrite || link.write())
        if !alive { lose(link.reasonForEnd) }
    }

    /// Reads until a read takes no packet; bounded by what can be in flight.
    private func readAll(_ found: Readiness) -> Bool {
        isReading = true
        defer { isReading = false }
        for _ in 0..<Self.inflightMaximum {
            let before = link.packets
            guard link.read() else { return false }
            if link.packets == before { break }
        }
        if settings.tls != nil && !lifecycle.isServing {
            // As in the intake: the library does not report a peer that leaves during the handshake.
            if found.contains(.dead) { return false }
            wakeUp.wait(milliseconds: 5)
        }
        return true
    }

    private func farewell() {
        link.disconnect()
        let end = monotonicMilliseconds() + 500
        while link.isOpen, link.write(), link.isOpen, monotonicMilliseconds() < end {
            _ = link.poll(reading: false, writing: true, wakeUp: wakeUp, milliseconds: 50)
        }
    }
}

// MARK: Events

extension PublishLoop: LinkEvents {
    func accepted(sessionPresent: Bool) {
        lifecycle.accepted(now: monotonicMilliseconds())
        if onReceived != nil { for filter in settings.subscriptions { link.watch(filter, qos: 1) } }
        shared.withLock {
            $0.state.phase = .connected
            $0.state.lastError = nil
            $0.state.connections += 1
        }
        shared.notify()
    }

    func received(_ message: borrowing IncomingMessage) { onReceived?(message) }
    func subscriptionGranted() {}

    func subscriptionRefused() {
        shared.withLock { $0.state.lastError = settings.refusal(ofReading: settings.subscriptions) }
        shared.notify()
    }

    func published(mid: Int32, reason: Int32) {
        // Under the lock, so after the `accepted` of the same message.
        let isWorthTelling = shared.withLock { shared in
            if isReading { shared.window.acknowledged() } else { shared.window.sent() }
            return shared.window.isAtMark
        }
        if isWorthTelling { shared.notify() }
        guard isReading else { return }
        if reason < 128 {
            onAcknowledged?(mid)
        } else {
            onRefused?(mid, BrokerError.words(mosquitto_reason_string(reason)))
        }
    }
}
