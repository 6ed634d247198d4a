import FuzzGround
import Telemetry

/// libFuzzer calls it from one thread.
nonisolated(unsafe) private let judge = Judge(profiles)

@_cdecl("LLVMFuzzerTestOneInput")
func fuzzSenML(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let example = judge.judge(UnsafeRawBufferPointer(start: start, count: count))
    let payload = Array(example.payload)
    checkGrammar(example)
    let listing = SenMLListing.list(payload, now: Judge.now)
    guard example.verdict.rejection == nil else { return 0 }
    if case .success(let records) = listing {
        hold(records.count >= example.verdict.readings.count, "every reading is of a record: \(records)")
    }
    guard payload.count + 2 <= example.limits.payloadBytes, payload.last != 0,
        !payload.starts(with: PlainJSON.byteOrderMark)
    else { return 0 }
    let spaced = judge.decode([0x20] + payload + [0x0A], as: example)
    hold(spaced == example.verdict, "with space: \(spaced), without: \(example.verdict)")
    return 0
}

/// A pack that is taken is JSON, a list, and within the limits.
private func checkGrammar(_ example: Judge.Case) {
    switch PlainJSON.verdict(example.payload) {
    case .wrong: hold(example.verdict.rejection != nil, "what is no JSON is refused")
    case .right(let depth):
        hold(
            depth <= example.limits.depth || example.verdict.rejection != nil,
            "what is \(depth) deep is refused")
        hold(
            ![.notJSON].contains(example.verdict.rejection?.reason) || example.payload.isEmpty,
            "what is JSON is not refused as none: \(example.verdict)")
    }
}

/// The forms SenML takes in `devices/`, by the byte that picks them.
private let profiles: [SpokenProfile] = [
    // `0`: a room sensor.
    SpokenProfile(
        .senml,
        spoken: #"""
            [{"bn":"urn:dev:d-1:","bt":1767574920,"bu":"Cel","n":"temperature","v":23.5,"bver":10},
            {"n":"co2","u":"ppm","v":912},{"n":"windowOpen","u":"/","vb":true,"t":-3}]
            """#
    )
    .measuring("temperature", "temperature", unit: "Cel", valid: 0...60)
    .measuring("co2", "co2", unit: "[ppm]", valid: 300...10_000)
    .measuring("windowOpen", "windowOpen", kind: .state),
    // `1`: numbered, with words, a base value and names that end in one another.
    SpokenProfile(
        .senml,
        spoken: #"""
            [{"sq":4,"bn":"d-1/","bt":1767574920.5,"bv":20,"n":"temp","u":"%RH","v":5.25},
            {"n":"door/temp","u":"1","vs":"\u006dở"},{"n":"top\/door","v":1e-3,"u":"1","t":-60}]
            """#
    ).with { $0.sequenceField = "sq" }
        .measuring("temp", "temp", unit: "%", valid: 0...100) { $0.scale = 2 }
        .measuring("door", "door/temp", kind: .state) { $0.words = [("mở", 1), ("đóng", 0)] }
        .measuring("top", "top/door") {
            $0.scale = -1e30
            $0.offset = 4
        },
]
