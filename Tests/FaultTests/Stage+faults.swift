import Broker
import Foundation
import TestSupport

/// A stretch in which the broker itself may have lost what it had acknowledged to gateways.
struct BrokerLoss: Sendable {
    enum Cause: Sendable { case crash, sessionDeleted }
    var cause: Cause
    /// By the clock of this machine, milliseconds UTC.
    var window: ClosedRange<Int64>
}

extension Stage {
    /// Applies a fault, holds it, and takes it back.
    /// - Returns: what the broker may have lost by it.
    func apply(_ fault: Fault, _ random: inout SeededGenerator) throws -> BrokerLoss? {
        switch fault {
        case .killAnywhere:
            pause(0...1_500, &random)
            killService()
            try startService()
        case .killAfterRead: try kill(at: .afterRead, after: 0...400, &random)
        case .killBeforeCommit: try kill(at: .beforeCommit, after: 0...30, &random)
        case .killAfterCommit: try kill(at: .afterCommit, after: 0...30, &random)
        case .killInAcknowledgements: try kill(at: .inAcknowledgements, after: 0...60, &random)
        case .brokerRestart: try broker.restart()
        case .brokerKill: return try killBroker(&random)
        case .sessionDeleted: return try deleteSession(&random)
        case .reset: proxy.reset()
        case .halfOpen: proxy.halfOpen()
        case .blackHole: hold(.blackHole, 500...9_000, &random)
        case .oneByteSlices: hold(.oneByteSlices, 500...3_000, &random)
        case .slowLink: hold(.slow(bytesPerSecond: 20_000), 500...3_000, &random)
        case .diskFull: try fillDisk(&random)
        case .fileSizeLimit: try limitFiles(&random)
        case .syncError:
            control.failSyncs([EIO, ENOSPC].randomElement(using: &random)!)
            pause(200...2_000, &random)
            control.failSyncs(0)
        case .slowSync:
            control.slowSyncs(milliseconds: [20, 200, 2_000].randomElement(using: &random)!)
            pause(1_000...3_000, &random)
            control.slowSyncs(milliseconds: 0)
        case .clockAhead:
            shiftClock([600_000, 3 * 3_600_000, 26 * 3_600_000].randomElement(using: &random)!, &random)
        // Less than the two minutes that readings may be ahead: beyond, they are refused by rule.
        case .clockBehind: shiftClock([-1_000, -45_000].randomElement(using: &random)!, &random)
        case .malformedBurst: try burstOfMalformed(&random)
        case .reload: try reload(&random)
        }
        return nil
    }

    private func pause(_ milliseconds: ClosedRange<UInt32>, _ random: inout SeededGenerator) {
        usleep(UInt32.random(in: milliseconds, using: &random) * 1_000)
    }

    // MARK: The service

    private func kill(
        at point: FaultControl.KillPoint, after countdown: ClosedRange<Int64>, _ random: inout SeededGenerator
    ) throws {
        control.kill(at: point, after: Int64.random(in: countdown, using: &random))
        defer { control.disarm() }
        guard service.waitForExit(milliseconds: 60_000) != nil else {
            throw Failure("the service never came to \(point)")
        }
        guard control.killedAt == point else {
            throw Failure("the service ended, and not at \(point); its log:\n\(log.suffix(2_000))")
        }
        control.disarm()
        try startService()
    }

    /// It begins anew with the same files, and what follows finds it begun.
    private func reload(_ random: inout SeededGenerator) throws {
        let starts = self.starts
        pause(0...1_500, &random)
        service.signal(SIGHUP)
        try waitUntilStarted(starts + 1)
    }

    private func shiftClock(_ offset: Int64, _ random: inout SeededGenerator) {
        control.clockOffset = offset
        pause(500...3_000, &random)
        control.clockOffset = 0
    }

    private func hold(
        _ wire: FaultProxy.Wire, _ milliseconds: ClosedRange<UInt32>, _ random: inout SeededGenerator
    ) {
        proxy.set(wire)
        pause(milliseconds, &random)
        proxy.set(.sound)
    }

    // MARK: The disk

    private func fillDisk(_ random: inout SeededGenerator) throws {
        guard let disk else { return try limitFiles(&random) }
        disk.fill()
        pause(500...3_000, &random)
        disk.empty()
    }

    /// The write-ahead log may not grow any more.
    private func limitFiles(_ random: inout SeededGenerator) throws {
        let attributes = try? FileManager.default.attributesOfItem(atPath: data + "/ioc.sqlite-wal")
        let size = (attributes?[.size] as? NSNumber)?.uint64Value ?? 0
        try limitFileSize(of: service.pid, to: size)
        pause(500...3_000, &random)
        try limitFileSize(of: service.pid, to: nil)
    }

    // MARK: The broker

    static func now() -> Int64 { Int64(Date().timeIntervalSince1970 * 1_000) }

    /// What came after its last snapshot is lost with it, as with any mosquitto.
    private func killBroker(_ random: inout SeededGenerator) throws -> BrokerLoss {
        let start = Self.now()
        try broker.save()
        pause(0...2_000, &random)
        broker.kill9()
        try broker.start()
        // A gateway may read acknowledgements of the dead broker a moment later: they were in its socket, and the ledger
        // has the time at which it read them.
        return BrokerLoss(cause: .crash, window: start...Self.now() + 1_000)
    }

    /// Somebody else uses our client id for a moment, without a session of his own.
    private func deleteSession(_ random: inout SeededGenerator) throws -> BrokerLoss {
        let start = try waitUntilCaughtUp()
        pause(0...1_000, &random)
        killService()
        pause(0...1_000, &random)
        let intruder = try PublishClient(
            settings: BrokerSettings(
                port: broker.port, clientID: "ioc", username: "ioc", password: "ioc-secret"),
            onAcknowledged: nil)
        try intruder.connect(timeoutSeconds: 10)
        intruder.close()
        pause(0...1_000, &random)
        try startService()
        try waitForProgress(after: "the session was deleted")
        return BrokerLoss(cause: .sessionDeleted, window: start...Self.now())
    }

    /// Waits until the service has had all that the broker held for it: a message behind the queue, of a device that nobody
    /// knows, has come to the quarantine.
    /// - Returns: when that message was sent.
    func waitUntilCaughtUp() throws -> Int64 {
        let probe = try PublishClient(
            settings: BrokerSettings(
                port: broker.port, clientID: "probe", username: "gateway", password: "gateway-secret"),
            onAcknowledged: nil)
        defer { probe.close() }
        try probe.connect(timeoutSeconds: 10)
        var sent: [(start: Int64, topic: String)] = []
        let limit = Date(timeIntervalSinceNow: 120)
        while Date() < limit {
            let start = Self.now()
            sent.append((start, "ioc/v1/health/_/probe-\(start)/tele"))
            guard probe.publish(topic: sent.last!.topic, payload: [], qos: 1, retain: false) != nil else {
                throw Failure("the broker takes no probe")
            }
            probes += 1
            // The quarantine is bounded between two commits: a probe's row may be one too many. On a busy machine it may
            // come later than the next is sent.
            for _ in 0..<40 {
                let unknown = unknownTopics
                if let newest = sent.last(where: { unknown.contains($0.topic) }) { return newest.start }
                usleep(50_000)
            }
        }
        throw Failure("the service does not catch up; its log:\n\(log.suffix(2_000))")
    }

    /// Nothing but nonsense for two seconds, beside what the others send.
    private func burstOfMalformed(_ random: inout SeededGenerator) throws {
        bursts += 1
        let burst = try gateways(
            ["--rate", "300", "--duration", "2", "--malformed", "1", "--seed", "\(random.next() >> 1)"],
            ledger: burstLedger(bursts))
        guard burst.waitForExit(milliseconds: 60_000) == 0 else { throw Failure("the burst did not end") }
    }
}
