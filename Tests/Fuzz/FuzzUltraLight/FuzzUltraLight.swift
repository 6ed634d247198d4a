import FuzzGround
import Telemetry

/// libFuzzer calls it from one thread.
nonisolated(unsafe) private let judge = Judge(profiles)

@_cdecl("LLVMFuzzerTestOneInput")
func fuzzUltraLight(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let example = judge.judge(UnsafeRawBufferPointer(start: start, count: count))
    var payload = Array(example.payload)
    guard payload.count <= example.limits.payloadBytes else { return 0 }
    _ = UltraLightListing.list(payload, now: Judge.now)
    while let last = payload.last, last <= 0x20 { payload.removeLast() }
    guard !payload.isEmpty else {
        hold(example.verdict.rejection?.reason == .noReadings, "nothing is no reading: \(example.verdict)")
        return 0
    }
    let groups = payload.split(separator: UInt8(ascii: "#"), omittingEmptySubsequences: false)
    let isSound = groups.allSatisfy(isSound)
    hold(
        isSound || example.verdict.rejection != nil,
        "a payload without the form is refused: \(example.verdict)")
    // Space that ends a group belongs to its last value, space that ends a payload to nothing.
    guard example.verdict.rejection == nil, !groups.contains(where: { $0.last! <= 0x20 }) else { return 0 }
    let alone = groups.map { judge.decode(Array($0), as: example) }
    hold(
        !alone.contains { ($0.rejection?.reason ?? .noReadings) != .noReadings },
        "each group is taken: \(alone)")
    let readings = alone.flatMap(\.readings)
    hold(
        readings == example.verdict.readings, "the groups alone say \(readings), together \(example.verdict)")
    return 0
}

/// Whether a group has the form, said a second time and plainly.
private func isSound(_ group: ArraySlice<UInt8>) -> Bool {
    var fields = group.split(separator: UInt8(ascii: "|"), omittingEmptySubsequences: false)
    if fields.count % 2 == 1 { fields.removeFirst() }
    return !fields.isEmpty && fields.allSatisfy { !$0.isEmpty }
}

/// The forms UltraLight takes in profiles, by the byte that picks them.
private let profiles: [SpokenProfile] = [
    // `0`: a river gauge.
    SpokenProfile(.ultraLight, spoken: "2026-01-05T01:02:00Z|wl|1.42|bat|87#|rain|0.4|wl|2\r\n")
        .measuring("level", "wl", valid: -2...10)
        .measuring("battery", "bat") { $0.scale = 0.01 }
        .measuring("rain", "rain", kind: .delta),
    // `1`: numbered and named, with words, a ratio and a fallback.
    SpokenProfile(
        .ultraLight,
        spoken: #"1767574922.5|id|d-1|n|4|state|"m\u1edf"|ok|3|all|4#id|d-1|n|5|left|null|state|true"#
    ).with {
        $0.deviceField = "id"
        $0.sequenceField = "n"
        $0.timeFormat = .unixSeconds
    }
    .measuring("state", "state", kind: .state) { $0.words = [("mở", 1), ("true", 0), ("7", 3)] }
    .dividing("share", "ok", "all", valid: 0...1)
    .measuring("left", "left") { $0.fallback = -1 },
]
