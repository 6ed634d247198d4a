import CMosquitto
import Glibc
import Synchronization

/// Takes messages from a broker and acknowledges none before the handler says that it is durable.
///
/// One thread calls `run`, which blocks until the handler stops it. The half-duplex cycle is: poll, read a burst,
/// settle, write. `wake` and `state` may be used from any thread.
///
/// `@unchecked Sendable`: all but `wakeUp` and `shown` is touched by the thread in `run` only.
package final class IntakeClient: @unchecked Sendable {
    /// Messages of a burst: enough to share one commit among many, few enough for one ring.
    static let burstMessages = 4096
    /// Milliseconds of a burst: what an alert may wait for the commit it is part of.
    static let burstTime: Int64 = 20
    /// Milliseconds between two calls of the handler's `idle`.
    static let idleTime: Int64 = 250
    /// Milliseconds until a full handler is asked again whether it has room.
    static let fullTime: Int64 = 5

    /// Milliseconds between two echoes: how far back a gap may begin too early.
    static let echoTime: Int64 = 5_000

    let settings: BrokerSettings
    let handler: any IntakeHandler
    let wakeUp: WakeUp
    let echoTopic: [UInt8]
    private let shown = Mutex(LinkState())
    var lifecycle: Lifecycle
    var gate = AcknowledgementGate()
    var link: Link?
    var attempt: ConnectAttempt?
    /// The last burst ended before the socket was empty, so data may be waiting where poll does not see it (in
    /// OpenSSL).
    var moreIsWaiting = false
    /// The filters were sent, and the broker has not answered yet.
    var awaitsSubscription = false
    var nextEcho: Int64 = 0
    /// The last that was sent.
    var newestEcho: Int64 = 0
    /// An echo in this burst, whose messages before it are not settled yet.
    var heardEcho: Int64?

    /// - Throws: settings that cannot work; nothing is connected yet.
    package init(settings: BrokerSettings, handler: any IntakeHandler) throws(BrokerError) {
        self.settings = settings
        self.handler = handler
        echoTopic = Array((settings.echoTopic ?? "").utf8)
        wakeUp = try WakeUp()
        lifecycle = Lifecycle(backoff: settings.backoff)
        link = nil
        for filter in settings.subscriptions
        where mosquitto_sub_topic_check(filter) != MOSQ_ERR_SUCCESS.rawValue {
            throw BrokerError(.settings, "\"\(filter)\" is no MQTT topic filter; check subscriptions")
        }
        _ = try Link(settings, cleanStart: false, events: self)
    }

    /// How the connection stands.
    package var state: LinkState { shown.withLock { $0 } }

    func show(_ change: (inout LinkState) -> Void) { shown.withLock { change(&$0) } }

    /// Ends the current wait, so that the handler's `idle` and `hasRoom` are asked now. From any thread.
    package func wake() { wakeUp.signal() }

    /// BLOCKS until the handler's `idle` returns false or its `settle` says `.stopping`; connects and reconnects
    /// meanwhile.
    package func run() {
        while handler.idle() {
            guard step() else { return finish() }
        }
        if lifecycle.isServing, let link { farewell(link) }
        finish()
    }

    /// One step of the lifecycle, at most `idleTime` long unless the handler blocks. False ends the run.
    private func step() -> Bool {
        let now = monotonicMilliseconds()
        switch lifecycle.step(now: now) {
        case .open: begin()
        case .opening: collect()
        case .waiting(let until): wakeUp.wait(milliseconds: min(Self.idleTime, until - now))
        case .settling(let until):
            guard now >= until else {
                wakeUp.wait(milliseconds: until - now)
                return true
            }
            return settleAgain()
        case .greeting, .serving: return serve()
        }
        return true
    }

    private func finish() {
        if lifecycle.isServing { handler.disconnected(reason: "stopped") }
        link = nil
        attempt = nil
        show { $0.phase = .stopped }
    }
}
