import Broker
import Foundation
import Store
import Telemetry
import TestSupport
import Testing

/// Gateways that each speak their own format, on one real broker, into one database.
@Suite("Formats of several gateways at once")
struct GatewayFormatsTests {
    /// Start of the minute the readings are of: closed by the time they come, so that their rollups need no waiting.
    private let minute = Milliseconds(Date().timeIntervalSince1970 - 600) / 60 * Span.minute

    @Test("line protocol, UltraLight, LoRaWAN, SenML in CBOR, JSON and CSV become rollups of one city")
    func together() throws {
        let service = try GardenService()
        let reader = try service.reader()
        // What is published before anybody listens is nobody's.
        try service.waitUntilSubscribed(to: "v3/garden/devices/+/up")
        try service.publish(messages)
        for (series, count, sum) in expected {
            let stored = try service.wait(for: series) { try rollup(reader, series) }
            #expect(stored.count == count && abs(stored.sum - sum) < 1e-9, "\(series): \(stored)")
        }
        #expect(service.stop())
        let losses = try reader.losses().filter {
            $0.source == "mqtt-qos1"
        }
        #expect(losses.reduce(0) { $0 + $1.received } == 8)
        #expect(losses.reduce(0) { $0 + $1.stored } == 6)
        // A stranger, and a gateway that says nonsense.
        #expect(losses.reduce(0) { $0 + $1.rejected } == 2)
    }

    /// Count and sum of the minute, by series.
    private let expected: [(series: String, count: Int64, sum: Double)] = [
        ("weather-1/temperature", 2, 47.5), ("weather-1/rain", 2, 0.2), ("tank-1/level", 2, 2.92),
        ("soil-1/temperature", 1, 22.5), ("soil-1/humidity", 1, 45), ("mist-1/humidity", 1, 0.44),
        ("mist-1/flow", 1, 30), ("bed-1/moisture", 1, 45.5),
    ]

    // MARK: Gateways

    private var messages: [(topic: String, payload: [UInt8])] {
        let (first, second) = (minute + 5_000, minute + 35_000)
        let lines = """
            air,station=weather-1 temp=23.5,n=1i \(first)
            air,station=weather-1 temp=24,rain=0.2,n=2i \(second)
            air,station=weather-1 temp=,n=3i \(second)

            """
        let uplink = """
            {"end_device_ids":{"device_id":"soil-1"},"uplink_message":{"f_cnt":7,"frm_payload":"AWcA4QJoWg==",\
            "received_at":"\(iso(first))"}}
            """
        return [
            ("garden/weather-1/lines", Array(lines.utf8)),
            ("ul/key/tank-1/attrs", Array("\(iso(first))|wl|1.42#\(iso(second))|wl|1.5".utf8)),
            ("v3/garden/devices/soil-1/up", Array(uplink.utf8)), ("garden/mist-1/pack", pack(first)),
            ("garden/bed-1", Array(#"{"ts":\#(first),"seq":1,"m":455}"#.utf8)),
            ("garden/scale-1/csv", Array("luc;kg;dap\n\(local(minute));12,5;2,5\n".utf8)),
            ("garden/bed-9", Array("{}".utf8)), ("garden/bed-1", Array("nonsense".utf8)),
        ]
    }

    /// `[{"sq": 7, -2: "mist-1:", -3: time, 0: "rh", 1: "%", 2: 44}, {0: "flow", 1: "l/s", 2: 4([-1, 5])}]`
    private func pack(_ time: Milliseconds) -> [UInt8] {
        let seconds = UInt32(time / 1_000)
        return [0x82, 0xA6, 0x62] + Array("sq".utf8) + [0x07, 0x21, 0x67] + Array("mist-1:".utf8) + [
            0x22, 0x1A,
        ]
            + (0..<4).map { UInt8(truncatingIfNeeded: seconds >> (24 - 8 * $0)) } + [0x00, 0x62]
            + Array("rh".utf8)
            + [0x01, 0x61] + Array("%".utf8) + [0x02, 0x18, 0x2C, 0xA3, 0x00, 0x64] + Array("flow".utf8)
            + [0x01, 0x63] + Array("l/s".utf8) + [0x02, 0xC4, 0x82, 0x20, 0x05]
    }

    private func iso(_ time: Milliseconds) -> String {
        Date(timeIntervalSince1970: Double(time) / 1_000).formatted(.iso8601)
    }

    /// As a clerk in the city writes it.
    private func local(_ time: Milliseconds) -> String {
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(identifier: "Asia/Ho_Chi_Minh")
        format.dateFormat = "dd/MM/yyyy HH:mm"
        return format.string(from: Date(timeIntervalSince1970: Double(time) / 1_000))
    }

    private func rollup(_ reader: StoreReader, _ series: String) throws -> RollupAnswer? {
        try reader.rollups(series, tier: .minute, from: minute, to: minute + Span.minute, limit: 1).first
    }
}
