import FuzzGround
import Telemetry

/// libFuzzer calls it from one thread.
nonisolated(unsafe) private let judge = Judge([raw, wrapped, uplink])
private let compiledWrap = wrapped.compiled()

@_cdecl("LLVMFuzzerTestOneInput")
func fuzzCayenne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let example = judge.judge(UnsafeRawBufferPointer(start: start, count: count))
    let payload = Array(example.payload)
    let listing = CayenneLPPListing.list(payload, now: Judge.now)
    guard payload.count <= example.limits.payloadBytes, example.profile.wire.payloadField == nil,
        example.verdict.rejection?.reason != .tooManyReadings
    else { return 0 }
    checkValues(example, (try? listing.get())?.values ?? [])
    var other = example
    other.profile = compiledWrap
    let message = Array("{\"data\":\"".utf8) + letters(of: payload) + Array("\"}".utf8)
    guard message.count <= example.limits.payloadBytes else { return 0 }
    let verdict = judge.decode(message, as: other)
    hold(verdict.readings == example.verdict.readings, "as base64 \(verdict), as bytes \(example.verdict)")
    hold(
        verdict.rejection?.reason == example.verdict.rejection?.reason
            && verdict.partial?.reason == example.verdict.partial?.reason,
        "as base64 \(verdict), as bytes \(example.verdict)")
    return 0
}

/// What is decoded is what is listed under the same names, of two the first.
private func checkValues(_ example: Judge.Case, _ values: [ListedValue]) {
    let expected = zip(example.profile.wire.fields, example.profile.measurements).compactMap { field, _ in
        values.first { $0.name == field.field }.flatMap { value -> UInt64? in
            guard case .number(let number) = value.value else { return nil }
            return (number * field.scale + field.offset).bitPattern
        }
    }
    let found = example.verdict.readings.map(\.value.bitPattern)
    guard !(example.verdict.rejection.map { $0.reason == .notInEnum } ?? false) else { return }
    hold(found == expected, "listed are \(values), and decoded \(example.verdict)")
}

/// RFC 4648 section 4 without padding, said plainly.
private func letters(of bytes: [UInt8]) -> [UInt8] {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    let bits = bytes.flatMap { byte in (0..<8).reversed().map { byte >> UInt8($0) & 1 } }
    return stride(from: 0, to: bits.count, by: 6).map { start in
        alphabet[(start..<start + 6).reduce(0) { $0 * 2 + ($1 < bits.count ? Int(bits[$1]) : 0) }]
    }
}

/// `0`: values as they are.
private let raw = probe(spoken: "\u{1}\u{67}\u{0}\u{41}\u{2}\u{68}\u{2A}")

/// `1`: the same as base64 in JSON.
private let wrapped = probe(spoken: #"{"data":"AWcAQQJoKg=="}"#).with { $0.payloadField = "/data" }

private func probe(spoken: String) -> SpokenProfile {
    SpokenProfile(.cayenneLPP, spoken: spoken)
        .measuring("temperature", "temperature/1", valid: -20...60)
        .measuring("humidity", "humidity/2", valid: 0...100)
        .measuring("latitude", "gps/1/latitude")
        .measuring("altitude", "gps/1/altitude") { $0.scale = 100 }
        .measuring("spin", "gyrometer/255/z")
        .measuring("energy", "energy/0", kind: .counter)
        .measuring("door", "digitalInput/4", kind: .state) { $0.words = [("shut", 0), ("open", 1)] }
}

/// `2`: an uplink of a LoRaWAN server.
private let uplink = SpokenProfile(
    .cayenneLPP,
    spoken:
        #"{"id":"d-1","up":{"f_cnt":7,"p":"AWcA4Q","at":"2026-01-05T01:02:00.123456789Z","rx":[{"rssi":-97}]}}"#
).with {
    $0.payloadField = "/up/p"
    $0.timeField = "/up/at"
    $0.timeFormat = .iso8601
    $0.sequenceField = "/up/f_cnt"
    $0.deviceField = "/id"
}
.measuring("temperature", "temperature/1")
.measuring("rssi", "/up/rx/0/rssi")
