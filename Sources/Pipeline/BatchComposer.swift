internal import CPrefetch
package import Telemetry

/// Decides what a batch of messages means: duplicates, windows, alerts. State, input and clock in, a `Batch` out; no I/O.
package struct BatchComposer: Sendable {
    private var registry: Registry
    package private(set) var aggregator: Aggregator
    package private(set) var engine: AlertEngine
    /// Who outside is told of alerts; nobody unless it is set.
    package var routing = NotificationRouting.none
    private let grace: Milliseconds
    private var devices: [DeviceState]
    private var newest: [NewestReading]
    private var times: SeriesTimes
    private var kinds: [MeasurementKind?]
    private var changedDevices: ChangedIndices
    /// By block.
    private var changedSeries: ChangedIndices
    private var nextCheckpoint: Milliseconds = .min
    private var batch = Batch()
    private var fate = MessageFate()
    private var losses: LossTally

    /// State of devices and series is written down this often; a restart reads the journal since. Newest values are shown
    /// from there, so it is short where somebody looks.
    package var checkpointInterval: Milliseconds = 1_000

    /// - Parameter grace: how long a minute stays open behind the clock.
    package init(registry: Registry, aggregator: Aggregator, engine: AlertEngine, grace: Milliseconds) {
        self.registry = registry
        self.aggregator = aggregator
        self.engine = engine
        self.grace = grace
        devices = Array(repeating: DeviceState(), count: registry.slots.count)
        newest = Array(repeating: NewestReading(), count: registry.series.count)
        times = SeriesTimes(count: newest.count)
        changedDevices = ChangedIndices(count: devices.count)
        changedSeries = ChangedIndices(count: newest.count / SeriesStates.blockLength + 1)
        kinds = registry.shapes.map { $0?.kind }
        losses = LossTally(registry)
    }

    // MARK: Restart

    package mutating func restore(_ checkpoint: Checkpoint) {
        for (device, state) in checkpoint.devices {
            makeRoom(for: device)
            devices[device.index] = state
            engine.restore(lastSeen: state.lastSeen, of: device)
            if state.departed >= state.lastSeen { engine.departed(device, at: state.departed) }
        }
        for (id, state) in checkpoint.series.all where id.index < newest.count {
            newest[id.index] = NewestReading(state.newest)
            if !state.recent.isEmpty { times[id.index] = state.recent }
            remember(id)
        }
    }

    /// What the state of a series, put back, says to the rules.
    private mutating func remember(_ id: SeriesID) {
        if let time = newest[id.index].evidenceTime(kinds[id.index]) { engine.noteNewest(time, of: id) }
    }

    /// Devices that are not configured now may be again: their state goes on from checkpoint to checkpoint.
    private mutating func makeRoom(for device: DeviceID) {
        let more = device.index + 1 - devices.count
        if more > 0 { devices.append(contentsOf: repeatElement(DeviceState(), count: more)) }
        changedDevices.grow(to: devices.count)
    }

    /// - Returns: false if the rule or the device is no longer there.
    package mutating func restore(_ state: AlertInstanceState) -> Bool { engine.restore(state) }

    /// A message of a journal block that is younger than the checkpoint.
    package mutating func restore(_ message: AcceptedMessage) {
        makeRoom(for: message.device)
        _ = devices[message.device.index].admit(message)
        changedDevices.insert(message.device.index)
        engine.restore(lastSeen: message.arrival, of: message.device)
    }

    /// A reading of the journal.
    /// - Parameter isAfterCheckpoint: whether the state of its series does not know it yet.
    package mutating func restore(_ reading: Reading, isAfterCheckpoint: Bool) {
        guard reading.series.index < newest.count else { return }
        if isAfterCheckpoint {
            let index = reading.series.index
            _ = times.admit(reading.time, of: index)
            newest[index].restore(reading, kind: kinds[index])
            remember(reading.series)
            changedSeries.insert(index / SeriesStates.blockLength)
        }
        aggregator.restore(reading)
    }

    // MARK: Messages

    /// Asks for the memory of what a message that comes soon will change: with many series, waiting for it takes longer than the work.
    /// It changes nothing; as a method that may, it is called where the composer lies, and not on a copy of it.
    mutating func expect(_ record: MessageRecord, _ readings: UnsafeBufferPointer<Reading>) {
        let device = DeviceID(record.device).index
        devices.withUnsafeBufferPointer {
            if device < $0.count { prefetch_for_writing($0.baseAddress! + device) }
        }
        newest.withUnsafeBufferPointer { newest in
            for reading in readings where reading.series.index < newest.count {
                prefetch_for_writing(newest.baseAddress! + reading.series.index)
            }
        }
        aggregator.expect(readings)
    }

    /// Takes one message and its readings, in order of arrival.
    package mutating func take(_ record: MessageRecord, _ readings: UnsafeBufferPointer<Reading>) {
        var counters = LossCounters()
        // What was sent again is in the history already, where it must stay one run.
        if record.source == .mqttAtLeastOnce, record.outcome != .redelivered, record.endsMessage {
            batch.acknowledgements.append(
                Acknowledgement(
                    packet: record.packet, high: record.fingerprintHigh, low: record.fingerprintLow))
        }
        switch record.outcome {
        case .rejected(let reason):
            counters.rejected = 1
            batch.rejections[reason, default: 0] += 1
        case .redelivered: counters.duplicate = 1
        case .dropped: counters.dropped = 1
        case .decoded: accept(record, readings, &counters)
        case .followed: follow(record, &counters)
        }
        fate.merge(&counters, of: record)
        if record.isPartial, counters.stored > 0 { batch.partialMessages += 1 }
        losses.add(counters, source: record.source, device: record.device)
    }

    private mutating func accept(
        _ record: MessageRecord, _ readings: UnsafeBufferPointer<Reading>, _ counters: inout LossCounters
    ) {
        let device = DeviceID(record.device)
        // Without a time, a number that comes again may be a device that began again: then only equal bytes are a re-send.
        let isNumbered = record.sequence >= 0 && record.hasTime
        let needsFingerprint = !isNumbered && (record.sequence >= 0 || record.hasTime)
        let message = AcceptedMessage(
            device: device, sequence: isNumbered ? record.sequence : -1,
            fingerprint: needsFingerprint ? record.fingerprintLow | 1 : 0,
            arrival: record.arrival, newestTime: record.newestTime)
        guard device.index < devices.count, !isKept(record, readings), devices[device.index].admit(message)
        else {
            counters.duplicate = 1
            return
        }
        changedDevices.insert(device.index)
        engine.heard(device, at: record.arrival)
        let first = batch.readings.count
        for reading in readings { store(reading, checksTimes: record.hasTime && !isNumbered, &counters) }
        counters.late += Int64(aggregator.add(batch.readings, from: first))
        // A message that brings nothing new is a re-send in other words. It is heard and remembered all the same.
        if batch.readings.count == first { counters.duplicate = 1 } else { counters.stored = 1 }
        batch.messages.append(message)
    }

    /// A message with nothing to store is a sign of life all the same.
    private mutating func follow(_ record: MessageRecord, _ counters: inout LossCounters) {
        counters.stored = 1
        let device = DeviceID(record.device)
        guard device.index < devices.count else { return }
        let message = AcceptedMessage(
            device: device, sequence: -1, fingerprint: 0, arrival: record.arrival, newestTime: .min)
        guard devices[device.index].admit(message) else { return }
        changedDevices.insert(device.index)
        engine.heard(device, at: record.arrival)
        batch.messages.append(message)
    }

    /// Takes devices of which their gateway says that they are gone. Who was heard since is there, and who was never heard was never.
    package mutating func take(_ departures: [Departure]) {
        for departure in departures {
            let index = departure.device.index
            guard index < devices.count, devices[index].lastSeen > .min,
                devices[index].lastSeen <= departure.at
            else { continue }
            devices[index].departed = departure.at
            changedDevices.insert(index)
            // Unlike what is heard it does not follow from the journal, and its message is acknowledged with this batch.
            nextCheckpoint = .min
            engine.departed(departure.device, at: departure.at)
        }
    }

    /// Whether a retained message without a number tells nothing newer than what is known. It may be older than all that is
    /// remembered to recognise repeats by, so what cannot be told is counted as a repeat.
    private func isKept(_ record: MessageRecord, _ readings: UnsafeBufferPointer<Reading>) -> Bool {
        guard record.isRetained, record.sequence < 0 else { return false }
        return readings.allSatisfy { reading in
            let index = reading.series.index
            return index < newest.count && newest[index].reading.map { reading.time <= $0.time } ?? false
        }
    }

    /// Notes a reading; the aggregator gets those of a message together.
    private mutating func store(_ reading: Reading, checksTimes: Bool, _ counters: inout LossCounters) {
        let index = reading.series.index
        guard index < newest.count, let kind = kinds[index] else { return }
        if checksTimes, !times.admit(reading.time, of: index) {
            counters.duplicateReadings += 1
            return
        }
        let noted = newest[index].note(reading, kind: kind)
        changedSeries.insert(index / SeriesStates.blockLength)
        counters.readings += 1
        batch.readings.append(noted)
        if noted.quality == .bad {
            counters.bad += 1
            // It decides nothing, but makes older ones old, as it does over a restart.
            if let time = newest[index].evidenceTime(kind) { engine.noteNewest(time, of: reading.series) }
            return
        }
        // What was kept by its sender is the past: it is stored, and no reason for an alert.
        if !reading.isHistorical { engine.read(noted) }
    }

    /// Readings the service made of itself: one message of the device they belong to.
    package mutating func take(own readings: [Reading]) {
        guard let first = readings.first, first.series.index < registry.series.count,
            let series = registry.series[first.series.index]
        else { return }
        let record = MessageRecord(
            readingStart: 0, readingEnd: 0, fingerprintHigh: 0, fingerprintLow: 0, arrival: first.time,
            newestTime: first.time, sequence: -1, device: registry.deviceIDs[series.slot].rawValue, packet: 0,
            outcome: .decoded, source: .own, hasTime: false, isRetained: false)
        readings.withUnsafeBufferPointer { take(record, $0) }
    }

    package mutating func take(_ rejects: [RejectedMessage]) { batch.rejects.append(contentsOf: rejects) }

    package mutating func take(_ gaps: [Gap]) { batch.gaps.append(contentsOf: gaps) }

    /// QoS 0 messages dropped before they could be told apart.
    package mutating func takeDropped(_ count: Int64) {
        guard count > 0 else { return }
        var counters = LossCounters()
        counters.received = count
        counters.dropped = count
        losses.add(counters, source: .mqttAtMostOnce, device: DeviceID.none.rawValue)
    }

    /// - Returns: the transition, nil if the alert does not allow it.
    package mutating func take(_ command: AlertCommand, at now: Milliseconds) -> AlertEvent? {
        engine.apply(command, at: now)
    }

    /// - Returns: the switch, nil if there is no such regime or it is so already.
    package mutating func take(_ change: RegimeSwitch, at now: Milliseconds) -> RegimeSwitch? {
        guard engine.switch(change.regime, on: change.isOn, at: now) else { return nil }
        var change = change
        change.at = now
        batch.regimeSwitches.append(change)
        return change
    }

    // MARK: Time

    /// Advances the clock and hands the batch over.
    package mutating func finish(at now: Milliseconds) -> Batch {
        batch.at = now
        batch.losses = losses.take()
        aggregator.close(through: now - grace, into: &batch.rollups)
        batch.amendments = aggregator.takeAmendments()
        engine.closed(batch.rollups)
        engine.closed(batch.amendments)
        engine.advance(to: now)
        batch.alertEvents = engine.takeEvents()
        batch.notifications = routing.drafts(for: batch.alertEvents, at: now)
        batch.alertInstances = engine.takeChanges()
        batch.hindsights = engine.takeHindsights()
        batch.closedThrough = aggregator.closedThrough
        // A clock that was set back must not put it off until it has caught up again.
        if now >= nextCheckpoint || now < nextCheckpoint - checkpointInterval { checkpoint(at: now) }
        defer { batch = Batch() }
        return batch
    }

    /// Takes the memory of a batch that is stored for the next one, a ring full of readings at most. An array that grows anew with
    /// every batch is copied again and again, each time into pages that the kernel must clear: a third of composing.
    package mutating func reuse(_ stored: inout Batch) {
        guard batch.readings.isEmpty, batch.messages.isEmpty else { return }
        swap(&batch.readings, &stored.readings)
        swap(&batch.messages, &stored.messages)
        batch.readings.removeAll(keepingCapacity: true)
        batch.messages.removeAll(keepingCapacity: true)
        guard stored.rollups.isWorthKeeping else { return }
        swap(&batch.rollups, &stored.rollups)
        batch.rollups.removeAll()
    }

    private mutating func checkpoint(at now: Milliseconds) {
        nextCheckpoint = now + checkpointInterval
        guard !changedDevices.isEmpty || !changedSeries.isEmpty else { return }
        var checkpoint = Checkpoint()
        checkpoint.devices = changedDevices.take().map { (DeviceID(UInt32($0)), devices[$0]) }
        let blocks = changedSeries.take()
        checkpoint.series.reserveCapacity(blocks: blocks.count)
        for block in blocks {
            let range = SeriesStates.range(ofBlock: block, in: newest.indices)
            checkpoint.series.append(block: block, newest[range])
            times.forEach(in: range) { checkpoint.series.appendTimes($1, of: $0) }
        }
        batch.checkpoint = checkpoint
    }

    /// Closes everything up to `time` whatever the clock says: the end of a replay.
    package mutating func finishReplay(through time: Milliseconds, at now: Milliseconds) -> Batch {
        nextCheckpoint = .min
        return finish(at: max(time + grace, now))
    }
}
