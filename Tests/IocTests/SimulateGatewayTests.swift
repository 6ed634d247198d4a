import Broker
import Catalog
import Foundation
import Telemetry
import TestSupport
import Testing

@testable import ioc

@Suite(.serialized) struct SimulateGatewayTests {
    private struct Line: Decodable {
        struct Reading: Decodable {
            var measurement: String
            var timeMs: Int64
        }
        var topic: String
        var device: String
        var sequence: Int64?
        var timeMs: Int64
        var kind: String
        var ackedMs: Int64?
        var readings: [Reading]
    }

    private func server() throws -> MosquittoServer {
        var options = MosquittoServer.Options()
        options.acl = ["user gateway", "topic readwrite #"]
        return try MosquittoServer(options)
    }

    private func simulation(
        _ server: MosquittoServer, _ ledger: String, _ change: (inout SimulationOptions) -> Void
    ) throws
        -> GatewaySimulation
    {
        var options = SimulationOptions()
        options.ledger = ledger
        change(&options)
        let broker = BrokerSettings(
            port: server.port, clientID: "", username: "gateway", password: "gateway-secret",
            backoff: Backoff(minimum: 50, maximum: 200))
        let catalog = SimulateFleet.catalog
        return try GatewaySimulation(
            profiles: catalog.profiles, devices: catalog.devices, zone: catalog.zone, broker: broker,
            options: options)
    }

    private func lines(_ path: String) throws -> [Line] {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        return try text.split(separator: "\n").map {
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            return try decoder.decode(Line.self, from: Data($0.utf8))
        }
    }

    /// A broker that is killed in between costs nothing: all that was sent is acknowledged and listed, once.
    @Test func theLedgerListsEveryAcknowledgedMessage() throws {
        let server = try server()
        let ledger = NSTemporaryDirectory() + "ledger-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: ledger) }
        let simulation = try simulation(server, ledger) { $0.rate = 1_000 }
        try simulation.start()
        Thread.sleep(forTimeInterval: 0.7)
        server.kill9()
        try server.start()
        Thread.sleep(forTimeInterval: 1)
        simulation.stop()
        let snapshot = simulation.snapshot()
        let lines = try lines(ledger)
        #expect(snapshot.sent > 700)
        #expect(snapshot.acknowledged == snapshot.sent && snapshot.refused == 0)
        #expect(lines.count == snapshot.acknowledged)
        #expect(lines.allSatisfy { $0.ackedMs != nil && $0.kind == "good" })
        let numbers = lines.compactMap { line in line.sequence.map { "\(line.device) \($0)" } }
        #expect(Set(numbers).count == numbers.count)
    }

    @Test func theBacklogComesInOrderAndIsWhole() throws {
        let server = try server()
        let ledger = NSTemporaryDirectory() + "ledger-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: ledger) }
        let simulation = try simulation(server, ledger) { $0.backlog = 20 * Span.minute }
        let start = SystemClock.now()
        try simulation.start()
        Thread.sleep(forTimeInterval: 2)
        simulation.stop()
        let byDevice = Dictionary(grouping: try lines(ledger).filter { $0.kind == "late" }, by: \.device)
        for device in SimulateFleet.catalog.devices where device.cadence == Span.minute {
            let times = byDevice[device.key]?.map(\.timeMs) ?? []
            let wire = SimulateFleet.catalog.profiles[device.profileIndex].wire
            // What is stamped on arrival cannot be delivered later.
            guard wire.form == .senml || wire.timeField != nil else {
                #expect(times.isEmpty, "\(device.key)")
                continue
            }
            #expect((19...21).contains(times.count), "\(device.key) \(times.count)")
            #expect(times == times.sorted() && Set(times).count == times.count, "\(device.key)")
            #expect(times.allSatisfy { $0 < start && $0 > start - 22 * Span.minute }, "\(device.key)")
        }
    }

    @Test func faultsAreInTheLedger() throws {
        let server = try server()
        let ledger = NSTemporaryDirectory() + "ledger-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: ledger) }
        let simulation = try simulation(server, ledger) {
            $0.rate = 4_000
            $0.faults = SimulationFaults(
                duplicates: 0.1, late: 0.1, outOfOrder: 0.1, clockSkew: 0, malformed: 0.1, silent: 0.3)
        }
        try simulation.start()
        Thread.sleep(forTimeInterval: 1.5)
        simulation.stop()
        let lines = try lines(ledger)
        let kinds = Dictionary(grouping: lines, by: \.kind).mapValues(\.count)
        for kind in ["duplicate", "late", "malformed"] {
            let share = Double(kinds[kind] ?? 0) / Double(lines.count)
            #expect((0.04...0.16).contains(share), "\(kind) \(share)")
        }
        let good = Dictionary(
            grouping: lines.filter { $0.kind == "good" && $0.sequence != nil }, by: \.device)
        #expect(
            good.values.contains { $0.map { $0.sequence! } != $0.map { $0.sequence! }.sorted() },
            "none overtaken")
        let devices = Set(lines.map(\.device))
        #expect((0.55...0.85).contains(Double(devices.count) / Double(SimulateFleet.catalog.devices.count)))
        // A message sent again is a copy of one that is listed, too.
        let firsts = Set(
            lines.filter { $0.kind != "duplicate" }.map { "\($0.device) \($0.timeMs) \($0.sequence ?? -1)" })
        #expect(
            lines.filter { $0.kind == "duplicate" }.allSatisfy {
                firsts.contains("\($0.device) \($0.timeMs) \($0.sequence ?? -1)")
            })
    }

    @Test func anAbsentBrokerIsNamed() throws {
        let server = try server()
        let port = server.port
        let ledger = NSTemporaryDirectory() + "ledger-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: ledger) }
        let simulation = try simulation(server, ledger) { $0.gateways = 2 }
        server.kill9()
        let error = #expect(throws: BrokerError.self) { try simulation.start(timeoutSeconds: 0.3) }
        #expect(error?.description.contains("127.0.0.1:\(port)") ?? false)
    }
}
