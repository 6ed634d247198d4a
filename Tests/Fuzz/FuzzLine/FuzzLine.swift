import FuzzGround
import Telemetry

/// libFuzzer calls it from one thread.
nonisolated(unsafe) private let judge = Judge(profiles)

@_cdecl("LLVMFuzzerTestOneInput")
func fuzzLine(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let example = judge.judge(UnsafeRawBufferPointer(start: start, count: count))
    let payload = Array(example.payload)
    guard payload.count <= example.limits.payloadBytes else { return 0 }
    _ = LineProtocolListing.list(payload, now: Judge.now)
    // A string may hold newlines; without one, a line is what stands between two of them.
    guard !payload.contains(UInt8(ascii: "\"")), payload.last != 0 else { return 0 }
    let lines = payload.split(separator: 0x0A).map { judge.decode(Array($0) + [0x0A], as: example) }
    guard example.verdict.rejection?.reason != .tooManyReadings,
        !lines.contains(where: {
            $0.rejection?.reason == .tooManyReadings || $0.rejection?.reason == .tooLarge
        })
    else { return 0 }
    let readings = lines.flatMap(\.readings)
    hold(readings == example.verdict.readings, "the lines alone say \(readings), together \(example.verdict)")
    let refused = lines.compactMap(\.rejection).filter { $0.reason != .noReadings }
    if example.verdict.rejection == nil {
        hold(refused.count == example.verdict.refusedParts, "\(refused) alone, together \(example.verdict)")
    }
    let first = example.verdict.rejection ?? example.verdict.partial
    hold(
        (refused.first?.reason ?? first?.reason) == first?.reason,
        "\(refused) alone, first \(example.verdict)")
    return 0
}

/// The forms line protocol takes in profiles, by the byte that picks them.
private let profiles: [SpokenProfile] = [
    // `0`: several measurements of one device.
    SpokenProfile(
        .lineProtocol,
        spoken:
            "# a comment\nflood,ward=a\\ b,dev=d-1 level=1.42,bat=87i,temp=3 1767574920000000000\nair,dev=d-1 temp=t\n"
    ).with { $0.deviceField = "dev" }
        .measuring("level", "level", valid: -2...10)
        .measuring("battery", "flood.bat") { $0.scale = 0.01 }
        .measuring("air", "air.temp")
        .measuring("temperature", "temp"),
    // `1`: numbered, with words, a ratio and a fallback, in milliseconds.
    SpokenProfile(
        .lineProtocol,
        spoken: "m state=\"say \\\"hi\\\"\",n=4i,ok=3u,all=4 1767574922000\r\nm left=.5,n=5i\r\n"
    ).with {
        $0.sequenceField = "n"
        $0.timeFormat = .unixMilliseconds
    }
    .measuring("state", "state", kind: .state) { $0.words = [("say \"hi\"", 1), ("true", 0), ("7", 3)] }
    .dividing("share", "ok", "all", valid: 0...1)
    .measuring("left", "left") { $0.fallback = -1 },
]
