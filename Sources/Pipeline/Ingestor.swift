import Glibc
import Ring
import Synchronization
package import Telemetry

/// The intake end of the ring: a message in, its readings published, its fate recorded. Runs on the intake thread only.
package final class Ingestor {
    private let channel: IntakeChannel
    private var router: Router
    private let scratch: DecodeScratch
    /// Of the device of the message in hand, in `router.series`.
    private var firstSeries = 0
    /// Of the message in hand, if it is of several devices.
    private var parts = DeviceParts()
    private var records: [MessageRecord] = []
    private var matcher = ResumeMatcher.inactive
    /// Set when storage failed while a message was in hand: that message was not taken and must come again.
    private var hasAbandoned = false
    /// Newest event time decoded: the clock of a replay.
    package private(set) var newestTime: Milliseconds = .min

    /// - Parameters:
    ///   - unpacker: for profiles whose payloads are packed.
    ///   - reorderTimeout: of Sparkplug B.
    package init(
        channel: IntakeChannel, registry: Registry, limits: DecodeLimits, unpacker: (any Unpacker)? = nil,
        reorderTimeout: Milliseconds = SparkplugHost.reorderTimeout
    ) {
        precondition(
            channel.readings.capacity >= 16 * limits.readings,
            "a ring holds at least 16 of the largest messages")
        self.channel = channel
        router = Router(registry: registry)
        scratch = DecodeScratch(limits: limits, unpacker: unpacker)
        if registry.profiles.contains(where: { $0.wire.form == .sparkplug }) {
            scratch.sparkplug = SparkplugHost(reorderTimeout: reorderTimeout)
        }
    }

    package var filters: [String] { router.filters }

    /// Between messages, now and then: what did not come in time is asked for.
    package func idle(now: @autoclosure () -> Milliseconds) {
        guard let host = scratch.sparkplug else { return }
        channel.want(host.takeRequests(now: now()).map { WantedBirths(group: $0.group, edge: $0.edge) })
    }

    /// A message that was stored by a run before: what later ones rest on is taken up, and nothing published.
    package func recall(
        topic: UnsafeBufferPointer<UInt8>, payload: UnsafeRawBufferPointer, arrival: Milliseconds
    ) {
        guard let host = scratch.sparkplug, let spoken = SparkplugTopic(topic) else { return }
        _ = host.follow(spoken, payload, limits: scratch.limits, now: arrival)
    }

    /// Whether messages rest on others before them.
    package var recalls: Bool { scratch.sparkplug != nil }

    /// A session was resumed: what the broker sends first may be committed already.
    /// - Parameters:
    ///   - history: committed messages, oldest first; empty for a new session.
    ///   - queued: how many messages the broker keeps at most.
    package func resume(history: [Acknowledgement], queued: Int = ResumeMatcher.maximumQueued) {
        matcher = ResumeMatcher(history: history, queued: queued)
        hasAbandoned = false
        scratch.sparkplug?.forget()
    }

    /// Whether another message may be read from the socket.
    package var hasRoom: Bool {
        channel.readings.room() >= scratch.limits.readings
            && channel.messages.room() >= (router.hasSharedTopics ? scratch.limits.readings : 1)
    }

    /// - Parameters:
    ///   - packet: MQTT packet id, 0 for QoS 0 and files.
    ///   - arrival: by the clock.
    package func receive(
        topic: UnsafeBufferPointer<UInt8>, payload: UnsafeRawBufferPointer, packet: UInt16,
        source: MessageSource,
        isRetained: Bool, arrival: Milliseconds
    ) {
        guard !hasAbandoned else { return letGo(source) }
        let fingerprint = Fingerprint(topic: UnsafeRawBufferPointer(topic), payload: payload)
        var record = MessageRecord(
            readingStart: channel.readings.publishedPosition, readingEnd: 0,
            fingerprintHigh: fingerprint.high,
            fingerprintLow: fingerprint.low, arrival: arrival, newestTime: .min, sequence: -1,
            device: DeviceID.none.rawValue, packet: packet, outcome: .decoded, source: source, hasTime: false,
            isRetained: isRetained)
        if source == .mqttAtLeastOnce, matcher.isActive {
            let claim = Acknowledgement(packet: packet, high: fingerprint.high, low: fingerprint.low)
            if matcher.isRedelivery(claim) { record.outcome = .redelivered }
        }
        if !parts.isEmpty { parts.begin() }
        if record.outcome == .decoded {
            let rejection = decode(topic, payload, isRetained, &record)
            if let rejection {
                record.outcome = .rejected(rejection.reason)
                reject(topic, payload, rejection, arrival)
            }
        }
        // It comes again, and must not be in the quarantine twice.
        if !publish(record) { channel.tray.withdraw(channel.messages.publishedPosition) }
    }

    private func decode(
        _ topic: UnsafeBufferPointer<UInt8>, _ payload: UnsafeRawBufferPointer, _ isRetained: Bool,
        _ record: inout MessageRecord
    ) -> Rejection? {
        // Before the router hashes and compares it: a subscription with wildcards lets topics of any length in.
        if TopicTemplate.isTooLong(topic, bytes: scratch.limits.topicBytes) {
            return Rejection(.topicTooLong)
        }
        if let host = scratch.sparkplug, let spoken = SparkplugTopic(topic) {
            defer { idle(now: record.arrival) }
            return follow(spoken, host, topic, payload, isRetained, &record)
        }
        switch router.find(topic) {
        case .unknownTopic: return Rejection(.unknownTopic)
        case .unknownDevice: return Rejection(.unknownDevice)
        case .shared(let template): return decode(shared: template, topic, payload, isRetained, &record)
        case .route(let route, let deviceRange):
            return decode(route, topic, deviceRange, payload, isRetained, &record)
        }
    }

    /// A payload of several devices, read once by each of the profiles they speak.
    private func decode(
        shared template: Int, _ topic: UnsafeBufferPointer<UInt8>, _ payload: UnsafeRawBufferPointer,
        _ isRetained: Bool, _ record: inout MessageRecord
    ) -> Rejection? {
        var fault: Rejection?
        for profile in router.profiles(ofTemplate: template) {
            scratch.directory = router.directories[profile]
            var message = DecodedMessage()
            let rejection = router.formats[profile].decode(
                payload, device: UnsafeBufferPointer(start: nil, count: 0), now: record.arrival,
                into: scratch,
                &message)
            // Others of its profiles may find something.
            if let found = rejection ?? message.partial, fault == nil || fault?.reason == .noReadings {
                fault = found
            }
            parts.add(scratch, router)
            newestTime = max(newestTime, message.newestTime)
        }
        guard !parts.isEmpty else { return fault ?? Rejection(.noReadings) }
        if isRetained, !parts.haveTimes { return Rejection(.retainedWithoutTime) }
        if let fault, fault.reason != .noReadings {
            record.isPartial = true
            reject(topic, payload, fault, record.arrival)
        }
        parts.group()
        return nil
    }

    private func decode(
        _ route: Router.Route, _ topic: UnsafeBufferPointer<UInt8>, _ deviceRange: Range<Int>,
        _ payload: UnsafeRawBufferPointer, _ isRetained: Bool, _ record: inout MessageRecord
    ) -> Rejection? {
        record.device = route.device.rawValue
        let device = UnsafeBufferPointer(rebasing: topic[deviceRange])
        var message = DecodedMessage()
        let rejection = router.formats[Int(route.profile)].decode(
            payload, device: device, field: Int(route.field), now: record.arrival, into: scratch, &message)
        if let rejection { return rejection }
        if isRetained, !message.hasTime { return Rejection(.retainedWithoutTime) }
        if let partial = message.partial {
            record.isPartial = true
            reject(topic, payload, partial, record.arrival)
        }
        record.sequence = message.sequence
        record.newestTime = message.newestTime
        newestTime = max(newestTime, message.newestTime)
        record.hasTime = message.hasTime
        firstSeries = Int(route.firstSeries)
        return nil
    }

    /// A message of Sparkplug B: births and deaths are followed for every edge node there is, for a device of the fleet may
    /// need what a node outside of it says.
    private func follow(
        _ spoken: SparkplugTopic, _ host: SparkplugHost, _ topic: UnsafeBufferPointer<UInt8>,
        _ payload: UnsafeRawBufferPointer, _ isRetained: Bool, _ record: inout MessageRecord
    ) -> Rejection? {
        let answer = router.find(topic)
        if case .route(let route, _) = answer { record.device = route.device.rawValue }
        switch host.follow(spoken, payload, limits: scratch.limits, now: record.arrival) {
        case .refused(let rejection): return rejection
        case .departed(let paths):
            record.outcome = .followed
            channel.report(paths.compactMap(device).map { Departure(device: $0, at: record.arrival) })
            return nil
        case .values: break
        }
        guard case .route(let route, let range) = answer else {
            // Who does not know the node can still know its devices.
            if case .unknownDevice = answer, spoken.kind != .nodeBirth { return Rejection(.unknownDevice) }
            record.outcome = .followed
            return nil
        }
        let rejection = decode(route, topic, range, payload, isRetained, &record)
        // Metrics are said when they change: that none of them is ours is no fault.
        guard rejection?.reason == .noReadings else { return rejection }
        record.outcome = .followed
        return nil
    }

    /// The device of the fleet whose births come from `path`.
    private func device(atPath path: String) -> DeviceID? {
        var topic = SparkplugTopic.birth(ofPath: path)
        return topic.withUTF8 { topic in
            if case .route(let route, _) = router.find(topic) { route.device } else { nil }
        }
    }

    private func reject(
        _ topic: UnsafeBufferPointer<UInt8>, _ payload: UnsafeRawBufferPointer, _ rejection: Rejection,
        _ arrival: Milliseconds
    ) {
        let message = RejectedMessage(
            topic: String(decoding: topic.prefix(scratch.limits.topicBytes), as: UTF8.self),
            reason: rejection.reason, offset: rejection.offset,
            payload: Array(payload.prefix(RejectedMessage.maximumPayload)), at: arrival)
        channel.tray.put(message, at: channel.messages.publishedPosition)
    }

    /// - Returns: false if the message is let go.
    private func publish(_ record: MessageRecord) -> Bool {
        var record = record
        let start = channel.readings.publishedPosition
        if record.outcome == .decoded {
            switch publishReadings(waits: record.source != .mqttAtMostOnce) {
            case .published: break
            case .noRoom:
                // The quarantine keeps no part of a message that is nowhere else. A drain cannot have it yet.
                channel.tray.withdraw(channel.messages.publishedPosition)
                record.outcome = .dropped
            case .abandoned: return false
            }
        }
        record.readingEnd = channel.readings.publishedPosition
        describe(record, readingsFrom: start)
        while !tryPublish(record) {
            if record.source == .mqttAtMostOnce, record.outcome == .dropped {
                letGo(record.source)
                return true
            }
            guard waitForDrain() else {
                letGo(record.source)
                return false
            }
        }
        return true
    }

    /// The broker sends a message of QoS 1 again; of QoS 0 that was the last of it.
    private func letGo(_ source: MessageSource) {
        if source == .mqttAtMostOnce { channel.droppedUnseen.add(1, ordering: .relaxed) }
    }

    /// One record for each device of the message in hand, its last with what is of the whole.
    private func describe(_ record: MessageRecord, readingsFrom start: UInt64) {
        if !records.isEmpty { records.removeAll(keepingCapacity: true) }
        guard record.outcome == .decoded, !parts.isEmpty else { return }
        for part in parts.parts {
            var own = record
            own.device = router.registry.deviceIDs[part.slot].rawValue
            own.readingStart = start + UInt64(part.readings.lowerBound)
            own.readingEnd = start + UInt64(part.readings.upperBound)
            own.sequence = part.message.sequence
            own.newestTime = part.message.newestTime
            own.hasTime = part.message.hasTime
            own.isPartial = false
            own.endsMessage = false
            records.append(own)
        }
        records[records.count - 1].isPartial = record.isPartial
        records[records.count - 1].endsMessage = true
    }

    private func tryPublish(_ record: MessageRecord) -> Bool {
        guard !records.isEmpty else { return channel.messages.tryPublish(record) }
        return records.withUnsafeBufferPointer { channel.messages.tryPublish($0) }
    }

    private enum Publication { case published, noRoom, abandoned }

    private func publishReadings(waits: Bool) -> Publication {
        while !tryPublishReadings() {
            guard waits else { return .noRoom }
            guard waitForDrain() else { return .abandoned }
        }
        return .published
    }

    private func tryPublishReadings() -> Bool {
        guard parts.isEmpty else {
            return parts.readings.withUnsafeBufferPointer { channel.readings.tryPublish($0) }
        }
        let decoded = scratch.decoded
        return router.series.withUnsafeBufferPointer { series in
            channel.readings.tryPublish(count: decoded.count) { index in
                var reading = decoded[index]
                reading.series = series[firstSeries + reading.series.index]
                return reading
            }
        }
    }

    /// Waits until the drain has taken something.
    /// - Returns: false if it cannot store: the message in hand is let go, unacknowledged, and will come again.
    private func waitForDrain() -> Bool {
        channel.work.ring()
        if channel.isFailing.load(ordering: .acquiring) || channel.isStopping.load(ordering: .relaxed) {
            hasAbandoned = true
            return false
        }
        usleep(200)
        return true
    }

    /// End of a burst: rings the drain, then waits until everything taken is durable.
    /// - Returns: false if it cannot be made durable now, or a message was let go: nothing may be acknowledged.
    package func settle() -> Bool {
        let target = channel.messages.publishedPosition
        channel.work.ring()
        while channel.durable.load(ordering: .acquiring) < target {
            if channel.isFailing.load(ordering: .acquiring) { return false }
            channel.settled.wait(milliseconds: 100)
        }
        // Said once: the connection is dropped for it, and what was let go comes again over the next.
        defer { hasAbandoned = false }
        return !hasAbandoned
    }

    /// Lets everything go until the connection has been dropped: nothing can be judged at the moment.
    package func abandon() { hasAbandoned = true }
}
