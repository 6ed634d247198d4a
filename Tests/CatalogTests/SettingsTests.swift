import Catalog
import Foundation
import Telemetry
import TestSupport
import Testing

@Suite("Settings")
struct SettingsTests {
    private static let root = Repository.root

    /// In a sound world of its own, so that only this one file is looked at.
    private func delivered() throws -> Settings {
        let world = try GardenWorld()
        let text = try String(contentsOfFile: "\(Self.root)/config/ioc.yaml", encoding: .utf8)
        try world.write(text, to: "config/ioc.yaml")
        return try world.load().settings
    }

    @Test("the delivered file holds the defaults")
    func defaults() throws {
        #expect(try delivered() == Settings())
    }

    @Test("the delivered file has every key, each with a reason")
    func everyKey() throws {
        let text = try String(contentsOfFile: "\(Self.root)/config/ioc.yaml", encoding: .utf8)
        var found: Set<String> = []
        var above: [(indent: Int, key: String)] = []
        for line in text.split(separator: "\n") {
            guard let match = line.firstMatch(of: /^( *)([a-z0-9_]+):(.*)$/) else { continue }
            above.removeAll { $0.indent >= match.1.count }
            above.append((match.1.count, String(match.2)))
            let path = above.map(\.key).joined(separator: ".")
            found.insert(path)
            let isLeaf = !match.3.isEmpty
            if isLeaf, path != "city.name", path != "broker.tls.key" {
                #expect(match.3.contains("# "), "\(path) has no reason")
            }
        }
        #expect(found.isSuperset(of: Self.keys), "\(Self.keys.subtracting(found)) missing")
        #expect(
            found.subtracting(Self.keys).allSatisfy { key in Self.keys.contains { $0.hasPrefix(key + ".") } })
    }

    private static let keys: Set<String> = [
        "city.name", "city.timezone", "broker.host", "broker.port", "broker.client", "broker.username",
        "broker.password_file", "broker.tls.authority", "broker.tls.certificate", "broker.tls.key",
        "broker.keep_alive", "broker.receive_maximum", "broker.maximum_packet", "broker.publish_alerts",
        "broker.sparkplug_host", "broker.sparkplug_reorder",
        "http.host",
        "http.port", "http.token_file", "data.directory", "data.raw_retention", "data.rollup_retention.1m",
        "data.rollup_retention.15m", "data.rollup_retention.1h", "data.rollup_retention.1d",
        "data.acknowledgements",
        "data.quarantine_rows", "data.quarantine_bytes", "data.wal_bytes", "intake.topic_bytes",
        "intake.payload_bytes", "intake.depth", "intake.readings", "intake.future",
        "intake.grace", "intake.ring_capacity", "limits.series_per_device",
        "limits.devices_per_profile", "limits.open_windows",
    ]

    @Test("every key is read")
    func everyKeyIsRead() throws {
        let world = try GardenWorld()
        try world.write(
            """
            city: {name: {vi: A, en: B}, timezone: UTC}
            broker:
              {host: h, port: 8883, client: c, username: u, password_file: p,
               tls: {authority: ca, certificate: ce, key: k}, keep_alive: 30s, receive_maximum: 9,
               maximum_packet: 4096, publish_alerts: false, sparkplug_reorder: 2s}
            http: {host: "::1", port: 0, token_file: t}
            data:
              {directory: d, raw_retention: 2d, rollup_retention: {1m: 3d, 15m: 4d, 1h: 5d, 1d: 6d},
               acknowledgements: 2048, quarantine_rows: 5, quarantine_bytes: 6,
               wal_bytes: 67108864}
            intake: {topic_bytes: 99, payload_bytes: 1024, depth: 4, readings: 8, future: 1s, grace: 3s, ring_capacity: 128}
            limits: {series_per_device: 7, devices_per_profile: 8, open_windows: 1001}
            """, to: "config/ioc.yaml")
        let settings = try world.load().settings
        #expect(settings.city.name == Title(vi: "A", en: "B"))
        #expect(settings.city.timezone == "UTC")
        #expect(settings.broker.host == "h")
        #expect(settings.broker.port == 8_883)
        #expect(settings.broker.username == "u")
        #expect(settings.broker.passwordFile == "p")
        #expect(settings.broker.tls?.certificate == "ce")
        #expect(settings.broker.keepAlive == 30_000)
        #expect(settings.broker.receiveMaximum == 9)
        #expect(settings.broker.maximumPacket == 4_096)
        #expect(!settings.broker.publishesAlerts)
        #expect(settings.broker.sparkplugReorder == 2_000)
        #expect(settings.http.host == "::1")
        #expect(settings.http.tokenFile == "t")
        #expect(settings.data.directory == "d")
        #expect(settings.data.rawRetention == 2 * Span.day)
        #expect(
            settings.data.rollupRetention == [
                .minute: 3 * Span.day, .quarterHour: 4 * Span.day, .hour: 5 * Span.day, .day: 6 * Span.day,
            ])
        #expect(settings.data.acknowledgements == 2_048)
        #expect(settings.data.quarantineRows == 5)
        #expect(settings.data.quarantineBytes == 6)
        #expect(settings.data.walBytes == 64 << 20)
        #expect(settings.intake.limits.topicBytes == 99)
        #expect(settings.intake.limits.payloadBytes == 1_024)
        #expect(settings.intake.limits.depth == 4)
        #expect(settings.intake.limits.readings == 8)
        #expect(settings.intake.limits.future == 1_000)
        #expect(settings.intake.grace == 3_000)
        #expect(settings.intake.ringCapacity == 128)
        #expect(settings.limits.seriesPerDevice == 7)
        #expect(settings.limits.devicesPerProfile == 8)
        #expect(settings.limits.openWindows == 1_001)
    }
}
