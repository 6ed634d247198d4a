import Testing

@testable import Telemetry

@Suite("SenML packs in CBOR (RFC 8428 section 6)")
struct SenMLCBORTests {
    private let bench = DecodeBench(.senmlCBOR).measuring("temperature", "temp", unit: "Cel", valid: -50...60)
        .measuring("humidity", "rh", unit: "%").measuring("door", "door", kind: .state) {
            $0.words = [("open", 1), ("shut", 0)]
        }

    private func decode(_ hexadecimal: String) -> DecodeBench.Outcome {
        bench.decode(CBORText.bytes(hexadecimal))
    }

    @Test("labels are numbers, and values of all kinds are read")
    func labels() {
        // [{-2: "d-1:", -3: 1767574000, 0: "temp", 1: "Cel", 2: 21.5}, {0: "rh", 2: 44}, {0: "door", 3: "open"}, {0: "door", 4: false}]
        let outcome = decode(
            "84 a5 21 64642d313a 22 1a695b09f0 00 6474656d70 01 6343656c 02 f94d60"
                + "a2 00 627268 02 182c a2 00 64646f6f72 03 646f70656e a2 00 64646f6f72 04 f4")
        #expect(outcome.readings == ["temperature 21.5", "humidity 44.0", "door 1.0", "door 0.0"])
        #expect(outcome.times == Array(repeating: 1_767_574_000_000, count: 4))
        #expect(outcome.hasTime)
    }

    @Test("a decimal fraction is to the last bit what JSON's number is")
    func decimal() {
        #expect(decode("81 a2 00 6474656d70 02 c4822018d7").readings == ["temperature 21.5"])
        #expect(decode("81 a2 00 6474656d70 02 c4823903e701").readings == ["temperature 0.0"])
        let tenth = DecodeBench(.senml).measuring("temperature", "temp").decode(#"[{"n":"temp","v":-2.69}]"#)
        #expect(decode("81 a2 00 6474656d70 02 c4822139010c").readings == tenth.readings)
    }

    @Test(
        "labels that are text are read, too, as old libraries write them; a field is the same however it is labelled"
    )
    func textLabels() {
        #expect(decode("81 a2 616e 6474656d70 6176 05").readings == ["temperature 5.0"])
        #expect(
            decode("81 a3 616e 6474656d70 00 6474656d70 02 05")
                == DecodeBench.Outcome(rejection: .duplicateKey, offset: 9))
    }

    @Test("unknown labels are passed over, numbers and texts, unless a text ends in _")
    func unknown() {
        #expect(decode("81 a4 00 6474656d70 02 05 1863 83010203 616b a0").readings == ["temperature 5.0"])
        #expect(decode("81 a3 00 6474656d70 02 05 626b5f 01").rejection == .notSenML)
        #expect(decode("81 a3 00 6474656d70 02 05 7f616b615fff 01").rejection == .notSenML)
        #expect(decode("81 a3 00 6474656d70 02 05 3bffffffffffffffff 01").readings == ["temperature 5.0"])
    }

    @Test("NaN and infinities are no numbers", arguments: ["f97e00", "f97c00", "fbfff0000000000000"])
    func notFinite(_ number: String) {
        #expect(
            decode("81 a2 00 6474656d70 02 " + number)
                == DecodeBench.Outcome(rejection: .notANumber, offset: 8))
    }

    @Test(
        "what is no pack is refused where it is wrong",
        arguments: [
            ("a2 00 6474656d70 02 05", RejectionReason.notSenML, 0), ("05", .notSenML, 0),
            ("81 05", .notSenML, 1),
            ("81 a1 4100 05", .notSenML, 2), ("81 a2 00 05 02 05", .notSenML, 2),
            ("81 a2 00 6474656d70 02 6161", .notSenML, 8),
            ("81 a2 00 6474656d70 04 05", .notSenML, 8), ("80", .noReadings, 0), ("", .notCBOR, 0),
            ("81", .notCBOR, 1),
            ("81 a2 00 6474656d70 02", .notCBOR, 9), ("81 a2 00 6474656d70 02 05 00", .notCBOR, 10),
            ("81 bf 00 6474656d70 ff", .noReadings, 0), ("81 bf 00 ff", .notCBOR, 3),
            ("81 a1 20 0b", .notSenML, 3),
            ("81 a2 00 63e1bb01 02 05", .notCBOR, 4),
        ])
    func refused(_ hexadecimal: String, _ reason: RejectionReason, _ offset: Int) {
        #expect(decode(hexadecimal) == DecodeBench.Outcome(rejection: reason, offset: offset))
    }

    @Test("a message number is exact to 64 bits, in both encodings")
    func sequence() {
        let counting = bench.with { $0.wire.sequenceField = "sq" }
        let record = "22 1a695b09f0 00 6474656d70 02 05"
        #expect(
            counting.decode(CBORText.bytes("81 a4 \(record) 627371 1b0020000000000001")).sequence == 1 << 53
                + 1)
        #expect(counting.decode(CBORText.bytes("81 a4 \(record) 627371 20")).rejection == .missingSequence)
        #expect(
            counting.decode(CBORText.bytes("81 a4 \(record) 627371 1bffffffffffffffff")).rejection
                == .missingSequence)
        let json = DecodeBench(.senml).measuring("temperature", "temp").with { $0.wire.sequenceField = "sq" }
        #expect(
            json.decode(#"[{"bt":1767574000,"n":"temp","v":1,"sq":9007199254740993}]"#).sequence == 1 << 53
                + 1)
    }
}
