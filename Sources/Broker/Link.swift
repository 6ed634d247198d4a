import CMosquitto
import Glibc

/// One libmosquitto client. `read`, `write` and `keepAlive` move packets; nothing moves on its own, and what is
/// queued when the link is released is never sent.
///
/// `@unchecked Sendable`: `connect` runs on an attempt's thread and everything else on the owner's, never at once,
/// and `ConnectAttempt` hands over under a lock; only `publish` may come from any thread, which libmosquitto locks
/// for itself.
final class Link: @unchecked Sendable {
    let settings: BrokerSettings
    /// Why the connection ended or was refused; the first cause wins.
    private(set) var failure: BrokerError?
    /// Counts callbacks, so that a caller sees whether a `read` took a packet.
    private(set) var packets: UInt64 = 0
    private let client: OpaquePointer
    /// Safe: callbacks come only out of `read`, `write` and `keepAlive`, which the owner itself calls.
    private unowned(unsafe) let events: any LinkEvents

    /// - Throws: settings that libmosquitto does not take.
    init(_ settings: BrokerSettings, cleanStart: Bool, events: any LinkEvents) throws(BrokerError) {
        guard libraryIsReady, !settings.clientID.isEmpty,
            let client = mosquitto_new(settings.clientID, cleanStart, nil)
        else {
            throw BrokerError(
                .settings, "\"\(settings.clientID)\" is no client id; set one in UTF-8, not empty")
        }
        self.settings = settings
        self.client = client
        self.events = events
        try configure()
        setCallbacks()
    }

    /// Closes the socket without flushing: queued acknowledgements die here, which is how a connection is dropped.
    /// (mosquitto_disconnect would queue DISCONNECT behind them and send them all, lib/send_disconnect.c.)
    deinit { mosquitto_destroy(client) }

    private func configure() throws(BrokerError) {
        // With threads "external" only mosquitto_loop_write sends (lib/packet_mosq.c); else the PUBACK would leave
        // before the message callback runs (lib/handle_publish.c).
        mosquitto_threaded_set(client, true)
        mosquitto_int_option(client, MOSQ_OPT_PROTOCOL_VERSION, Int32(MQTT_PROTOCOL_V5))
        mosquitto_int_option(client, MOSQ_OPT_TCP_NODELAY, 1)
        try check(
            mosquitto_username_pw_set(client, settings.username, settings.password), "user name is not UTF-8")
        if let topic = settings.stateTopic {
            let code = "offline".withBytes {
                mosquitto_will_set(client, topic, Int32($0.count), $0.baseAddress, 1, true)
            }
            try check(code, "state topic \"\(topic)\" is no topic")
        }
        if let tls = settings.tls { try configure(tls) }
    }

    private func configure(_ tls: TLSSettings) throws(BrokerError) {
        for file in [tls.caFile, tls.certificateFile, tls.keyFile] {
            guard let file, access(file, R_OK) != 0 else { continue }
            throw BrokerError(
                .tls, "cannot read \(file): \(String(cString: strerror(errno))); check path and rights")
        }
        try check(
            mosquitto_tls_set(client, tls.caFile, nil, tls.certificateFile, tls.keyFile, nil),
            "certificateFile and keyFile belong together")
        // The name is the lowest version allowed (lib/net_mosq.c); the second argument asks for a valid certificate.
        try check(mosquitto_tls_opts_set(client, 1, "tlsv1.2", nil), "no TLS in libmosquitto")
        mosquitto_tls_insecure_set(client, tls.insecure)
    }

    private func check(_ code: Int32, _ complaint: String) throws(BrokerError) {
        guard code != MOSQ_ERR_SUCCESS.rawValue else { return }
        throw BrokerError(.settings, "broker \(settings.address): \(complaint)")
    }
}

// MARK: Callbacks

extension Link {
    private func setCallbacks() {
        // Safe: the link owns the client, and callbacks come only out of calls that the link itself makes.
        mosquitto_user_data_set(client, Unmanaged.passUnretained(self).toOpaque())
        mosquitto_connect_v5_callback_set(client) { _, link, reason, flags, _ in
            Link.from(link).greeted(reason: reason, sessionPresent: flags & 1 != 0)
        }
        mosquitto_disconnect_v5_callback_set(client) { _, link, code, _ in Link.from(link).ended(code: code) }
        mosquitto_message_callback_set(client) { _, link, message in
            if let message { Link.from(link).received(message.pointee) }
        }
        mosquitto_publish_v5_callback_set(client) { _, link, mid, reason, _ in
            let link = Link.from(link)
            link.packets &+= 1
            link.events.published(mid: mid, reason: reason)
        }
        mosquitto_subscribe_callback_set(client) { _, link, _, count, granted in
            Link.from(link).subscribed(UnsafeBufferPointer(start: granted, count: Int(count)))
        }
    }

    /// The pointer is the link itself.
    private static func from(_ pointer: UnsafeMutableRawPointer?) -> Link {
        Unmanaged<Link>.fromOpaque(pointer!).takeUnretainedValue()
    }

    private func greeted(reason: Int32, sessionPresent: Bool) {
        packets &+= 1
        guard reason == 0 else {
            failure = .refused(reason: reason, settings)
            return
        }
        failure = nil
        events.accepted(sessionPresent: sessionPresent)
    }

    private func ended(code: Int32) {
        packets &+= 1
        if failure == nil { failure = .ended(code: code, settings) }
    }

    private func received(_ message: mosquitto_message) {
        packets &+= 1
        let topic = UnsafeRawPointer(message.topic!).assumingMemoryBound(to: UInt8.self)
        events.received(
            IncomingMessage(
                topic: UnsafeBufferPointer(start: topic, count: strlen(message.topic)),
                payload: UnsafeRawBufferPointer(start: message.payload, count: Int(message.payloadlen)),
                packetID: UInt16(truncatingIfNeeded: message.mid),
                qos: UInt8(truncatingIfNeeded: message.qos),
                retained: message.retain))
    }

    private func subscribed(_ granted: UnsafeBufferPointer<Int32>) {
        packets &+= 1
        if granted.contains(where: { $0 >= 128 }) {
            events.subscriptionRefused()
        } else {
            events.subscriptionGranted()
        }
    }
}

// MARK: Moving packets

extension Link {
    /// Opens TCP, and TLS if set, and queues CONNECT. BLOCKS for name lookup and TCP, minutes at worst: only
    /// `ConnectAttempt` calls it. (The asynchronous call takes no properties and so could not keep a session.)
    func connect() -> BrokerError? {
        failure = nil
        var properties: OpaquePointer?
        defer { mosquitto_property_free_all(&properties) }
        mosquitto_property_add_int32(
            &properties, Int32(MQTT_PROP_SESSION_EXPIRY_INTERVAL.rawValue), settings.sessionExpiry)
        mosquitto_property_add_int16(
            &properties, Int32(MQTT_PROP_RECEIVE_MAXIMUM.rawValue), settings.receiveMaximum)
        mosquitto_property_add_int32(
            &properties, Int32(MQTT_PROP_MAXIMUM_PACKET_SIZE.rawValue), settings.maximumPacketSize)
        let code = mosquitto_connect_bind_v5(
            client, settings.host, Int32(settings.port), Int32(settings.keepAlive), nil, properties)
        let systemError = errno
        guard code == MOSQ_ERR_SUCCESS.rawValue else {
            return .notOpened(code: code, systemError: systemError, settings)
        }
        return nil
    }

    /// Holds from the next connection on.
    func setWill(_ will: Will) throws(BrokerError) {
        let code = will.payload.withUnsafeBytes {
            mosquitto_will_set(client, will.topic, Int32($0.count), $0.baseAddress, 1, true)
        }
        try check(code, "topic of the will \"\(will.topic)\" is no topic")
    }

    /// -1 when closed.
    var socket: Int32 { mosquitto_socket(client) }
    var isOpen: Bool { socket >= 0 }
    var wantsWrite: Bool { mosquitto_want_write(client) }

    /// Takes one packet off the socket if a whole one is there (on TLS: what one record holds). Never read errno
    /// after it: it may stem from the library's full socket pair.
    /// - Returns: false when the connection ended.
    func read() -> Bool { moved(mosquitto_loop_read(client, 1)) }

    /// Sends ALL that is queued, until the socket is full (packet__write, lib/packet_mosq.c): every acknowledgement
    /// of every message received so far. Not in a loop: on TLS `wantsWrite` can stay true with nothing to send.
    func write() -> Bool { moved(mosquitto_loop_write(client, 1)) }

    /// Queues a ping when one is due, and notices that none was answered.
    func keepAlive() -> Bool { moved(mosquitto_loop_misc(client)) }

    private func moved(_ code: Int32) -> Bool {
        if code != MOSQ_ERR_SUCCESS.rawValue && failure == nil { failure = .ended(code: code, settings) }
        return code == MOSQ_ERR_SUCCESS.rawValue && isOpen
    }

    /// Why the link is no longer open.
    var reasonForEnd: BrokerError { failure ?? .ended(code: MOSQ_ERR_CONN_LOST.rawValue, settings) }
}

// MARK: Queueing packets

extension Link {
    /// One SUBSCRIBE for all filters. Retained values come only with a new subscription, else each resume would bring
    /// them again as new messages.
    func subscribe(_ filters: [String], qos: Int32) {
        withCopies(of: filters) { count, copies in
            mosquitto_subscribe_multiple(
                client, nil, count, copies, qos, Int32(MQTT_SUB_OPT_SEND_RETAIN_NEW.rawValue), nil)
        }
    }

    /// One UNSUBSCRIBE for all filters. Those that the broker does not have are no fault.
    func unsubscribe(_ filters: [String]) {
        withCopies(of: filters) { mosquitto_unsubscribe_multiple(client, nil, $0, $1, nil) }
    }

    private func withCopies(
        of filters: [String], _ body: (Int32, UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Int32
    ) {
        guard !filters.isEmpty else { return }
        let copies = filters.map { strdup($0) }
        defer { copies.forEach { free($0) } }
        _ = body(Int32(copies.count), copies)
    }

    /// Subscribes with the retained value included.
    func watch(_ filter: String, qos: Int32 = 0) { mosquitto_subscribe(client, nil, filter, qos) }

    /// From any thread.
    /// - Returns: the library's code; at QoS 1 MOSQ_ERR_NO_CONN still means "queued" (lib/messages_mosq.c).
    func publish(
        _ payload: UnsafeRawBufferPointer, to topic: String, qos: Int32, retain: Bool, mid: inout Int32
    ) -> Int32 {
        mosquitto_publish(client, &mid, topic, Int32(payload.count), payload.baseAddress, qos, retain)
    }

    /// Publishes a retained word to the state topic, if there is one.
    func publishState(_ word: String) {
        guard let topic = settings.stateTopic else { return }
        var mid: Int32 = 0
        _ = word.withBytes { publish($0, to: topic, qos: 1, retain: true, mid: &mid) }
    }

    /// Publishes a number to the topic on which we hear ourselves, if there is one.
    func publishEcho(_ number: Int64) {
        guard let topic = settings.echoTopic else { return }
        var mid: Int32 = 0
        _ = "\(number)".withBytes { publish($0, to: topic, qos: 1, retain: false, mid: &mid) }
    }

    /// Messages in flight to the broker that the library allows; the broker's own limit replaces it at CONNACK.
    func allowInFlight(_ count: Int32) { mosquitto_int_option(client, MOSQ_OPT_SEND_MAXIMUM, count) }

    /// Queues DISCONNECT. It discards the will and keeps the session, as the expiry of CONNECT still stands (MQTT 5,
    /// 3.14.2).
    func disconnect() { mosquitto_disconnect_v5(client, 0, nil) }
}

extension String {
    /// The UTF-8 of the string, for the time of the call.
    fileprivate func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        var copy = self
        return copy.withUTF8 { body(UnsafeRawBufferPointer($0)) }
    }
}
