import Broker
import Foundation
import Store
import Telemetry
import TestSupport
import Testing

/// Delays over a reload, by a clock that the test holds.
@Suite("A reload", .serialized)
struct ReloadTests {
    @Test("a delay of ten minutes that has run for seven goes on at seven")
    func delay() throws {
        let stage = try Stage(usesSmallDisk: false)
        try stage.waitUntilStarted(1)
        try writeRule(to: stage.alerts)
        try reload(stage)
        let onset = Stage.now()
        try publish(#"{"ts":\#(onset),"seq":1,"speed":3,"count":41}"#, to: stage)
        try stage.waitForProgress(after: "the message")
        let reader = try StoreReader(directory: stage.data)
        stage.control.clockOffset = 7 * Span.minute
        try reload(stage)
        #expect(try transitions(reader).isEmpty)
        stage.control.clockOffset = 10 * Span.minute + Span.second
        let raised = try wait(for: "the alert", stage) { try transitions(reader).first }
        #expect(raised.toState == "unacknowledged")
        #expect(raised.atMs == onset + 10 * Span.minute)
        try stage.stopService()
    }

    private func writeRule(to folder: String) throws {
        let rule = """
            groups:
              - name: slow
                rules:
                  - alert: SlowForTen
                    title: {vi: Chậm, en: Slow}
                    when: {measurement: averageVehicleSpeed, below: 8, clear: 12}
                    profiles: [junction-radar]
                    for: 10m
                    priority: low
                    lead: traffic-control
                    action: {vi: Xem, en: Look}
                    summary: {vi: "{device.name}", en: "{device.name_en}"}
            """
        try FileManager.default.removeItem(atPath: folder + "/traffic.test.yaml")
        try Data(rule.utf8).write(to: URL(fileURLWithPath: folder + "/traffic.yaml"))
    }

    private func reload(_ stage: Stage) throws {
        let starts = stage.starts
        stage.service.signal(SIGHUP)
        try stage.waitUntilStarted(starts + 1)
    }

    private func publish(_ payload: String, to stage: Stage) throws {
        let client = try PublishClient(
            settings: BrokerSettings(
                port: stage.broker.port, clientID: "radar", username: "gateway", password: "gateway-secret"),
            onAcknowledged: nil)
        defer { client.close() }
        try client.connect(timeoutSeconds: 30)
        _ = client.publish(
            topic: "ioc/v1/traffic/phu-hoi/jr-001/tele", payload: Array(payload.utf8), qos: 1, retain: false)
        #expect(client.waitUntilDone(milliseconds: 30_000))
    }

    private func transitions(_ reader: StoreReader) throws -> [AlertEventAnswer] {
        try reader.alertEvents(after: 0, limit: 1_000).filter { $0.rule == "SlowForTen" }
    }

    private func wait<Value>(for what: String, _ stage: Stage, _ find: () throws -> Value?) throws -> Value {
        for _ in 0..<6_000 {
            if let found = try find() { return found }
            usleep(10_000)
        }
        throw Failure("no \(what) within a minute; the service's log:\n\(stage.log.suffix(2_000))")
    }
}
