import Testing

@testable import Telemetry

@Suite("Cayenne LPP")
struct CayenneLPPTests {
    private let bench = DecodeBench(.cayenneLPP).measuring("t", "temperature/1").measuring("h", "humidity/2")

    /// Bytes by their hexadecimal digits.
    private func bytes(_ text: String) -> [UInt8] {
        let digits = text.filter { $0 != " " }.map { UInt8(String($0), radix: 16)! }
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }

    @Test("a value is a channel, a type and big-endian data")
    func plain() {
        #expect(bench.decode(bytes("01 67 00E1 02 68 5A")).readings == ["t 22.5", "h 45.0"])
        #expect(bench.decode(bytes("02 68 5B 01 67 FFD7")).readings == ["t -4.1", "h 45.5"])
        #expect(bench.decode(bytes("01 67 00E1")).times == [DecodeBench.now])
    }

    @Test(
        "each type has its size, sign and resolution",
        arguments: [
            ("digitalInput/0", "00 00 01", 1.0), ("digitalOutput/255", "FF 01 FF", 255),
            ("analogInput/3", "03 02 FFFF", -0.01), ("analogOutput/3", "03 03 7FFF", 327.67),
            ("generic/4", "04 64 FFFFFFFF", 4_294_967_295), ("illuminance/1", "01 65 FFFF", 65_535),
            ("presence/1", "01 66 01", 1), ("temperature/3", "03 67 0110", 27.2),
            ("temperature/1", "01 67 8000", -3276.8), ("humidity/1", "01 68 FF", 127.5),
            ("accelerometer/6/x", "06 71 04D2 FB2E 0000", 1.234),
            ("accelerometer/6/y", "06 71 04D2 FB2E 0000", -1.234),
            ("accelerometer/6/z", "06 71 04D2 FB2E 8000", -32.768), ("barometer/1", "01 73 2796", 1013.4),
            ("voltage/1", "01 74 FFFF", 655.35), ("current/1", "01 75 FFFF", 65.535),
            ("frequency/1", "01 76 3B9ACA00", 1e9), ("percentage/1", "01 78 64", 100),
            ("altitude/1", "01 79 FFFE", -2), ("concentration/1", "01 7D FFFF", 65_535),
            ("power/1", "01 80 FFFF", 65_535), ("distance/1", "01 82 FFFFFFFF", 4_294_967.295),
            ("energy/1", "01 83 80000000", 2_147_483.648), ("direction/1", "01 84 0167", 359),
            ("unixTime/1", "01 85 F0000000", 4_026_531_840), ("gyrometer/1/x", "01 86 FFFF 0000 0001", -0.01),
            ("gyrometer/1/z", "01 86 FFFF 0000 0001", 0.01), ("colour/1/red", "01 87 FF 80 01", 255),
            ("colour/1/green", "01 87 FF 80 01", 128), ("colour/1/blue", "01 87 FF 80 01", 1),
            ("gps/1/latitude", "01 88 06765F F2960A 0003E8", 42.3519),
            ("gps/1/longitude", "01 88 06765F F2960A 0003E8", -87.9094),
            ("gps/1/altitude", "01 88 06765F F2960A 0003E8", 10),
            ("gps/1/altitude", "01 88 06765F F2960A FFFFFF", -0.01),
            ("switch/9", "09 8E 01", 1),
        ])
    func types(_ name: String, _ payload: String, _ value: Double) {
        // What follows is found, so the size is right.
        let one = DecodeBench(.cayenneLPP).measuring("a", name).measuring("end", "temperature/77")
        let outcome = one.decode(bytes(payload + "4D 67 0001"))
        #expect(outcome.readings == ["a \(value)", "end 0.1"])
        #expect(outcome.partial == nil)
    }

    @Test("there are 26 types, each with a code and a name of its own")
    func table() {
        #expect(CayenneLPPType.named.count == 26)
        #expect(Set(CayenneLPPType.named.map(\.type.code)).count == 26)
        #expect(Set(CayenneLPPType.named.map(\.name)).count == 26)
        for entry in CayenneLPPType.named { #expect(max(entry.parts.count, 1) == entry.type.parts) }
    }

    @Test(
        "a field is a type, a channel and, where there are several numbers, a part",
        arguments: [
            "temperature", "temperature/", "temperature/256", "temperature/-1", "temperature/01",
            "temperature/1/x", "gps/1", "gps/1/speed", "gps/1/latitude/x", "warmth/1", "", "/temperature/1",
            "Temperature/1", "temperature/+1",
        ])
    func noField(_ name: String) {
        #expect(CayenneLPPField(name) == nil)
    }

    @Test(
        "an unknown type or cut-off data keeps what stands before it",
        arguments: [
            ("01 67 00E1 02 FA 5A", 4), ("01 67 00E1 02", 4), ("01 67 00E1 02 68", 4),
            ("01 67 00E1 03 67 00", 4),
            ("01 67 00E1 03 88 00000000000000 00", 4), ("01 67 00E1 05 65 0001 07 7A 000001", 8),
        ])
    func partial(_ payload: String, _ offset: Int) {
        let outcome = bench.decode(bytes(payload))
        #expect(outcome.readings == ["t 22.5"])
        #expect(outcome.partial == "not-cayenne-lpp at \(offset)")
        #expect(outcome.refusedParts == 1)
    }

    @Test("a payload whose beginning says nothing is refused")
    func refused() {
        for (payload, offset) in [("02 FA 5A", 0), ("01", 0), ("01 67 00", 0), ("05 65 0001 02 FA", 4)] {
            let outcome = bench.decode(bytes(payload))
            #expect(outcome.rejection == .notCayenneLPP)
            #expect(outcome.offset == offset)
        }
        for nothing in ["", "05 65 0001"] { #expect(bench.decode(bytes(nothing)).rejection == .noReadings) }
        #expect(bench.with { $0.limits.payloadBytes = 3 }.decode(bytes("01 67 00E1")).rejection == .tooLarge)
    }

    @Test("of a value that stands twice the first counts, and the message is partial")
    func twice() {
        let outcome = bench.decode(bytes("01 67 00E1 01 67 00E2 02 68 5A"))
        #expect(outcome.readings == ["t 22.5", "h 45.0"])
        #expect(outcome.partial == "not-cayenne-lpp at 4")
        // Another channel is another sensor.
        #expect(bench.decode(bytes("01 67 00E1 03 67 00E2")).partial == nil)
    }

    @Test("a time may stand in the payload, and is missed if it was cut off")
    func time() {
        let timed = bench.with {
            $0.wire.timeField = "unixTime/9"
            $0.wire.timeFormat = .unixSeconds
        }
        #expect(timed.decode(bytes("01 67 00E1 09 85 695B0D8A")).times == [1_767_574_922_000])
        #expect(timed.decode(bytes("01 67 00E1")).rejection == .missingTime)
        #expect(timed.decode(bytes("01 67 00E1 09 85 69")).rejection == .notCayenneLPP)
    }

    @Test("an enum says which numbers there are, for there are no words")
    func words() {
        let door = DecodeBench(.cayenneLPP).measuring("door", "digitalInput/1", kind: .state) {
            $0.words = [("closed", 0), ("open", 1)]
        }
        #expect(door.decode(bytes("01 00 01")).readings == ["door 1.0"])
        #expect(door.decode(bytes("01 00 00")).readings == ["door 0.0"])
        #expect(door.decode(bytes("01 00 02")).rejection == .notInEnum)
    }

    // MARK: In JSON

    private var wrapped: DecodeBench {
        bench.with {
            $0.wire.payloadField = "/uplink_message/frm_payload"
            $0.wire.timeField = "/uplink_message/received_at"
            $0.wire.timeFormat = .iso8601
            $0.wire.sequenceField = "/uplink_message/f_cnt"
            $0.wire.deviceField = "/end_device_ids/device_id"
        }.measuring("rssi", "/uplink_message/rx_metadata/0/rssi")
    }

    private func uplink(_ payload: String, time: String = "2026-01-05T01:02:02.5123Z") -> String {
        #"{"end_device_ids":{"device_id":"d-1"},"uplink_message":{"f_port":1,"f_cnt":12,"frm_payload":"#
            + payload + #","rx_metadata":[{"rssi":-97}],"received_at":""# + time + #""}}"#
    }

    @Test("a server's JSON holds it as base64, with the time, number and device around it")
    func envelope() {
        let outcome = wrapped.decode(uplink(#""AWcA4QJoWg==""#))
        #expect(outcome.readings == ["t 22.5", "h 45.0", "rssi -97.0"])
        #expect(outcome.times.first == 1_767_574_922_512)
        #expect(outcome.sequence == 12)
        #expect(
            wrapped.with { $0.device = "d-2" }.decode(uplink(#""AWcA4Q==""#)).rejection == .deviceMismatch)
        #expect(wrapped.decode(uplink(#""AWcA4Q==""#, time: "noon")).rejection == .notATime)
    }

    @Test("both alphabets, no padding and the escapes of JSON writers are all the same bytes")
    func spellings() {
        // 01 67 FB FF 02 68 FE: as letters AWf7/wJo/g==
        let expected = ["t -102.5", "h 127.0", "rssi -97.0"]
        for text in [
            "AWf7/wJo/g==", "AWf7_wJo_g==", "AWf7/wJo/g", #"AWf7\/wJo\/g=="#, #"AWf7\u002fwJo\u002Fg\u003d="#,
        ] {
            #expect(wrapped.decode(uplink("\"\(text)\"")).readings == expected, "\(text)")
        }
        #expect(
            wrapped.decode(uplink(#""AWcAKwJo\u002bg==""#)).readings == ["t 4.3", "h 125.0", "rssi -97.0"])
    }

    @Test(
        "what is no base64 is refused where it is none",
        arguments: [
            ("A", 1), ("AWcA4", 5), ("AWcA4Q=", 6), ("AWcA4Q===", 6), ("AWcA=", 4), ("AWc A4Q==", 3),
            ("AWcA4R==", 8),
            ("AWcA4Q==A", 6), ("A===", 1), ("====", 0), ("AWc\\nA4Q==", 3), ("AWcA4Q.=", 6), ("äWcA", 0),
            ("AWcA\\u00e4", 4), ("A\\\\Wc", 1),
        ])
    func notBase64(_ text: String, _ offset: Int) {
        let message = uplink("\"\(text)\"")
        let start =
            "\(uplink(""))".utf8.count
            - ",\"rx_metadata\":[{\"rssi\":-97}],\"received_at\":\"2026-01-05T01:02:02.5123Z\"}}".utf8.count
            + 1
        let outcome = wrapped.decode(message)
        #expect(outcome.rejection == .notBase64)
        #expect(outcome.offset == start + offset, "\(text)")
    }

    @Test("a payload of another kind is no base64; an uplink without one has no readings")
    func noPayload() {
        for value in ["12", "[1]", "{}", "true"] {
            #expect(wrapped.decode(uplink(value)).rejection == .notBase64)
        }
        let bare = bench.with { $0.wire.payloadField = "/data" }
        for text in [#"{"data":null}"#, #"{}"#, #"{"data":""}"#] {
            #expect(bare.decode(text).rejection == .noReadings)
        }
        #expect(bare.decode("").rejection == .notJSON)
        #expect(bare.decode("{").rejection == .notJSON)
    }

    @Test("a fault in the bytes is named by the letter of the message they begin in")
    func offsets() {
        let bare = bench.with { $0.wire.payloadField = "/data" }
        // 01 67 00 E1, then the unknown type 250 on channel 2: byte 4 begins in letter 5.
        #expect(bare.decode(#"{"data":"AWcA4QL6Wg=="}"#).partial == "not-cayenne-lpp at 14")
        #expect(bare.decode(#"{"data":"\u0041WcA4QL6Wg=="}"#).partial == "not-cayenne-lpp at 19")
        #expect(bare.decode(#"{"data":"AvpaAA=="}"#).offset == 9)
    }
}
