import FuzzGround
import Telemetry

/// libFuzzer calls it from one thread.
nonisolated(unsafe) private let judge = Judge([room, counter])

@_cdecl("LLVMFuzzerTestOneInput")
func fuzzCBOR(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let example = judge.judge(UnsafeRawBufferPointer(start: start, count: count))
    let payload = Array(example.payload)
    let listing = SenMLListing.list(payload, .cbor, now: Judge.now)
    guard example.verdict.rejection == nil else { return 0 }
    switch listing {
    case .success(let records):
        hold(2 * records.count >= example.verdict.readings.count, "every reading is of a record: \(records)")
    case .failure(let rejection):
        hold(rejection.reason == .tooDeep || rejection.reason == .tooLarge, "listed, too: \(rejection)")
    }
    guard payload.count + 3 <= example.limits.payloadBytes, payload.first.map({ $0 >> 5 }) == 4 else {
        return 0
    }
    // The tag that says that it is CBOR (RFC 8949 section 3.4.6) changes nothing.
    let tagged = judge.decode([0xD9, 0xD9, 0xF7] + payload, as: example)
    hold(tagged == example.verdict, "with a tag: \(tagged), without: \(example.verdict)")
    return 0
}

/// `0`: a room sensor, a sum among its values.
/// `[{-2: "d-1:", -3: 1767574920, 0: "temperature", 1: "Cel", 2: 23.5}, {0: "power", 5: 7}, {0: "open", 3: "mở"}]`
private let room = SpokenProfile(
    .senmlCBOR,
    bytes: [0x83, 0xA5, 0x21, 0x64] + Array("d-1:".utf8) + [0x22, 0x1A, 0x69, 0x5B, 0x0D, 0x88, 0x00, 0x6B]
        + Array("temperature".utf8) + [0x01, 0x63] + Array("Cel".utf8) + [0x02, 0xF9, 0x4D, 0xE0]
        + [0xA2, 0x00, 0x65] + Array("power".utf8) + [0x05, 0x07]
        + [0xA2, 0x00, 0x64] + Array("open".utf8) + [0x03, 0x64] + Array("mở".utf8)
)
.measuring("temperature", "temperature", unit: "Cel", valid: 0...60)
.measuring("energy", "sum(power)", unit: "J")
.measuring("open", "open", kind: .state) { $0.words = [("mở", 1), ("đóng", 0)] }

/// `1`: numbered, labels as texts, a decimal fraction. `[{"sq": 4, "bt": 1767574920, "n": "t", "v": 4([-1, 42])}]`
private let counter = SpokenProfile(
    .senmlCBOR,
    bytes: [0x81, 0xA4, 0x62] + Array("sq".utf8) + [0x04, 0x62] + Array("bt".utf8)
        + [0x1A, 0x69, 0x5B, 0x0D, 0x88, 0x61] + Array("n".utf8) + [0x61] + Array("t".utf8) + [0x61]
        + Array("v".utf8) + [0xC4, 0x82, 0x20, 0x18, 0x2A]
)
.with { $0.sequenceField = "sq" }
.measuring("t", "t", unit: "%", valid: 0...100) { $0.scale = 2 }
