import Pipeline
import Ring
import Synchronization
import Telemetry

/// What may happen next.
extension SimulatedRun {
    private enum Action: CaseIterable {
        case publish, burst, settle, step, clock, command, connect
        case dropConnection, kill, saveBroker, crashBroker, endSession, flood, stop, readFault
    }

    private static let weights: [(weight: Int, element: Action)] = [
        (40, .publish), (22, .burst), (22, .settle), (12, .step), (20, .clock), (6, .command), (10, .connect),
        (4, .dropConnection), (1, .kill), (3, .saveBroker), (2, .crashBroker), (1, .endSession), (2, .flood),
        (1, .stop), (1, .readFault),
    ]

    func act() {
        switch chance.pick(weighed: Self.weights) {
        case .publish: for _ in 0..<chance.number(1...4) { publish() }
        case .burst: if link == .serving { burst(isChecked: true) }
        case .settle: settle()
        case .step: step()
        case .clock: moveClock()
        case .command: command()
        case .connect: connect()
        case .dropConnection: dropConnection()
        case .kill where perils.isKilled:
            note("killed")
            isKilled = true
        case .saveBroker: broker.save()
        case .crashBroker where perils.brokerCrashes:
            note("broker crashed")
            broker.crash()
            dropConnection()
        case .endSession where perils.sessionsEnd:
            note("session ended")
            broker.forgetSession()
            dropConnection()
        case .flood where perils.floods:
            for _ in 0..<chance.number(100...300) { publish() }
            if link == .serving { burst(isChecked: true) }
        case .stop where perils.isKilled: stop()
        case .readFault where perils.isUnreadable: store.failsToRead.toggle()
        case .kill, .crashBroker, .endSession, .flood, .stop, .readFault: break
        }
    }

    // MARK: Gateways

    func publish() {
        let device = chance.number(0...gateways.count - 1)
        let repeats = chance.happens(12)
        let message =
            repeats ? gateways[device].repeated(&chance) : gateways[device].next(at: now, &chance)
        guard let message else { return }
        publications += 1
        let isAtLeastOnce = !chance.happens(perils.atMostOnce)
        note("publish \(publications) \(message.topic) \(message.payload)\(isAtLeastOnce ? "" : " QoS 0")")
        broker.publish(message, publication: publications, atLeastOnce: isAtLeastOnce)
    }

    // MARK: Connection

    func connect() {
        guard link == .down else { return }
        let isPresent = broker.connect()
        note("connect, session \(isPresent ? "present" : "new")")
        service.connected(sessionPresent: isPresent, queued: broker.maximumQueued, store)
        link = .serving
        if !isHealed, chance.happens(5) { return dropConnection() }
        broker.subscribe()
        if service.subscribed(at: now) { gapsWaiting += 1 }
    }

    func dropConnection() {
        guard link == .serving else { return }
        note("connection lost")
        broker.disconnect()
        link = .broken
    }

    /// Reads what the broker has sent.
    /// - Parameter isChecked: asks for room before each packet. A socket may hold several packets for one read, but while
    ///   nobody drains, only storage that fails ends the wait for room.
    func burst(isChecked: Bool) {
        /// Packets of the last read, which asked for room before the first of them only.
        var read = 0
        for _ in 0..<chance.number(1...chance.pick([3, 10, perils.floods ? 300 : 60])) {
            read -= 1
            if isChecked, read < 0, !service.ingestor.hasRoom {
                if isStepping { return }
                if isHealed || chance.happens(50) { step() } else { read = 20 }
                if isKilled { return }
            }
            if read > 0, service.channel.messages.room() == 0 { return }
            if isChecked, !isStepping, !service.ingestor.hasRoom, let next = broker.next, next.packet > 0 {
                // Waits for the drain, while which more may be read: the message is not in anybody's hands yet.
                step()
                if isKilled { return }
            }
            guard let item = broker.deliver() else { return }
            unsettled += 1
            note("receive \(item.publication) packet \(item.packet)")
            service.receive(item, at: now)
            if !isStepping, !perils.floods, chance.happens(5) { step() }
            if isKilled { return }
        }
    }

    /// The drain works until all is durable, then the acknowledgements leave.
    func settle() {
        guard link == .failed || unsettled > 0 else {
            if link == .broken { link = .down }
            return
        }
        while !service.isDurable {
            step()
            if isKilled { return }
        }
        settleOnce()
    }

    /// As `IntakeClient` does with what its handler says.
    func settleOnce() {
        let isDurable = service.ingestor.settle()
        note("settle: \(isDurable)")
        switch (link, isDurable) {
        case (.down, _): break
        case (_, false):
            broker.disconnect()
            link = .failed
        case (.broken, true), (.failed, true):
            unsettled = 0
            link = .down
        case (.serving, true):
            let all = unsettled
            unsettled = 0
            // The connection may end while acknowledgements are on their way.
            let isCut = !isHealed && chance.happens(15)
            acknowledge(isCut ? chance.number(0...all) : all)
            if isCut { dropConnection() } else if broker.waiting == 0 { service.echoed(now) }
        }
        if link == .broken, unsettled == 0 { link = .down }
    }

    private func acknowledge(_ count: Int) {
        for publication in broker.acknowledge(count) where !naiveIntake.accounted.contains(publication) {
            fail("acknowledged \(publication), which is in no committed batch")
        }
    }

    /// A clean end: everything taken is stored if it can be, then the next process.
    private func stop() {
        note("stop")
        while !service.isDurable {
            step()
            if isKilled { return }
        }
        isKilled = true
    }

    // MARK: Operators

    func command() {
        guard let event = store.events.suffix(8).randomElement(&chance) else { return }
        var identity = event.identity
        if chance.happens(5) { identity.onset += 1 }
        let command = AlertCommand(
            identity: identity, action: chance.happens(75) ? .acknowledge : .unacknowledge,
            operatorName: "operator\(chance.number(0...2))", comment: chance.happens(30) ? "seen" : nil)
        note("\(command.action) \(identity)")
        commandsWaiting.append(command)
        service.commands.put(command) { [replies] in replies.add($0) }
    }

    // MARK: Clock

    func moveClock() {
        let step: Milliseconds
        switch chance.number(0...99) {
        case 0..<60: step = chance.time(0...3_000)
        case 60..<80: step = chance.time(1_000...90_000)
        case 80..<88: step = chance.time(Span.minute...20 * Span.minute)
        case _ where !perils.clockJumps: step = chance.time(0...30_000)
        case 88..<92: step = chance.time(Span.hour...8 * Span.hour)
        case 92: step = chance.time(Span.day...3 * Span.day)
        case 93, 94:
            // Around the next local midnight.
            let local = now + city.zone.offset(at: now)
            step = Span.day - local.floorDivided(by: Span.day).remainder + chance.time(-2_000...2_000)
        case 95..<97: step = -chance.time(0...2_000)
        default: step = -chance.time(2_000...5 * Span.minute)
        }
        now += step
    }

    // MARK: End

    /// Faults end, the broker hands over all it has, and the clock passes the end of every window.
    func heal() {
        isHealed = true
        store.failsToRead = false
        failuresLeft = 0
        if isKilled { restart() }
        var rounds = 0
        repeat {
            settle()
            connect()
            burst(isChecked: true)
            step()
            rounds += 1
        } while fault == nil && rounds < 1_000 && (!broker.isEmpty || unsettled > 0 || link != .serving)
        if !broker.isEmpty { fail("the broker still has messages after \(rounds) rounds") }
        for jump in [5 * Span.minute, 20 * Span.day, 20 * Span.day] as [Milliseconds] {
            now += jump
            step()
        }
        guard fault == nil else { return }
        if let difference = naiveRollups.difference(
            store.rollups, naiveIntake.readings, closedThrough: .max, everRetired: everRetired)
        {
            fail(difference)
        }
        if store.readings != naiveIntake.readings { fail("the journal is not the ledger") }
        for event in replies.taken where !store.events.contains(event) {
            fail("an operator was told of what is not stored: \(NaiveAlerts.text(event))")
        }
    }
}

extension RandomAccessCollection {
    fileprivate func randomElement(_ chance: inout Chance) -> Element? {
        isEmpty ? nil : self[index(startIndex, offsetBy: chance.number(0...count - 1))]
    }
}
