import FuzzGround
import Telemetry

/// The first byte picks what the rest is: `0` a topic template, a line end and a topic, `1` a JSON Pointer, `2` a number,
/// `3` a number with a decimal comma, `4` an ISO 8601 time, `5` a pattern, a line end and a local time, `6` a moment.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzTopic(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let input = UnsafeBufferPointer(start: start, count: count)
    guard let pick = input.first else { return 0 }
    let rest = UnsafeBufferPointer(rebasing: input[1...])
    switch pick {
    case UInt8(ascii: "0"): checkTopic(rest)
    case UInt8(ascii: "1"): checkPointer(rest)
    case UInt8(ascii: "2"): checkNumber(rest, decimal: UInt8(ascii: "."))
    case UInt8(ascii: "3"): checkNumber(rest, decimal: UInt8(ascii: ","))
    case UInt8(ascii: "4"): checkISO(rest)
    case UInt8(ascii: "5"): checkLocal(rest)
    case UInt8(ascii: "6"): checkZone(rest)
    // Not a kind of its own: the fuzzer learns to leave it.
    default: return -1
    }
    return 0
}

/// What stands before the first line end, and what behind it in memory of its own, so that a read beyond it is seen.
func halves(_ input: UnsafeBufferPointer<UInt8>) -> (first: String, second: [UInt8]) {
    let first = input.prefix { $0 != 0x0A }
    return (String(decoding: first, as: UTF8.self), Array(input.dropFirst(first.count + 1)))
}

private func checkNumber(_ text: UnsafeBufferPointer<UInt8>, decimal: UInt8) {
    let bytes = Array(text)
    let isAmbiguous = decimal != UInt8(ascii: ".") && bytes.contains(UInt8(ascii: "."))
    let expected =
        isAmbiguous ? nil : PlainNumber.value(bytes.map { $0 == decimal ? UInt8(ascii: ".") : $0 })
    let found = NumberScanner.parse(text, decimal: decimal)
    hold(
        found?.bitPattern == expected?.bitPattern,
        "\(String(decoding: bytes, as: UTF8.self)) is \(String(describing: expected)), not \(String(describing: found))"
    )
}
