import FuzzGround
import Telemetry

/// libFuzzer calls it from one thread.
nonisolated(unsafe) private let judge = Judge(profiles)

@_cdecl("LLVMFuzzerTestOneInput")
func fuzzScalar(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let example = judge.judge(UnsafeRawBufferPointer(start: start, count: count))
    guard example.payload.count <= example.limits.payloadBytes else { return 0 }
    let expected = expectation(of: Array(example.payload), example.profile.wire.fields[0])
    let found = example.verdict.readings.first?.value
    hold(
        found?.bitPattern == expected?.bitPattern,
        "expected \(String(describing: expected)): \(example.verdict)")
    return 0
}

/// The value a payload stands for, said a second time and plainly; nil if there is none.
private func expectation(of payload: [UInt8], _ field: Wire.Field) -> Double? {
    func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    var text = payload.dropFirst(payload.starts(with: mark) ? mark.count : 0).drop(while: isSpace)
    while let last = text.last, last == 0 || isSpace(last) { text.removeLast() }
    if text.count >= 2, text.first == UInt8(ascii: "\""), text.last == UInt8(ascii: "\"") {
        text = text.dropFirst().dropLast()
    }
    guard !text.isEmpty else { return nil }
    var raw = PlainNumber.value(Array(text))
    if text.elementsEqual("true".utf8) { raw = 1 }
    if text.elementsEqual("false".utf8) { raw = 0 }
    if !field.words.isEmpty {
        let isBoolean = text.elementsEqual("true".utf8) || text.elementsEqual("false".utf8)
        raw = field.words.first { $0.word.utf8.elementsEqual(text) }?.value ?? (isBoolean ? raw : nil)
    }
    guard let value = raw.map({ $0 * field.scale + field.offset }), value.isFinite else { return nil }
    return value
}

/// The forms a bare value takes in `devices/`, by the byte that picks them.
private let profiles: [SpokenProfile] = [
    SpokenProfile(.scalar, spoken: "26.4").measuring("temperature"),
    SpokenProfile(.scalar, spoken: " \"12.5\"\r\n\u{0}").measuring("level", valid: -2...10) {
        $0.scale = -0.001
        $0.offset = 10
    },
    SpokenProfile(.scalar, spoken: "up").measuring("state", kind: .state) {
        $0.words = [("up", 1), ("down", 0), ("mở", 3), ("5", 5), ("true", 7)]
    },
    SpokenProfile(.scalar, spoken: "true").measuring("big", kind: .counter, valid: 0...1e12) {
        $0.scale = 1e300
    },
]
