import FuzzGround
import Telemetry

/// libFuzzer calls it from one thread.
nonisolated(unsafe) private let judge = Judge(profiles)

@_cdecl("LLVMFuzzerTestOneInput")
func fuzzJSON(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let example = judge.judge(UnsafeRawBufferPointer(start: start, count: count))
    checkGrammar(example)
    guard example.verdict.rejection == nil else { return 0 }
    checkSpace(example)
    checkEnd(example)
    return 0
}

/// What is JSON is decided by the grammar and the limits, whoever walks it.
private func checkGrammar(_ example: Judge.Case) {
    let wasRefused = example.verdict.rejection?.reason
    let isRight =
        switch PlainJSON.verdict(example.payload) {
        case .wrong: false
        case .right(let depth):
            depth <= example.limits.depth && example.payload.count <= example.limits.payloadBytes
        }
    switch JSONLeaves.list(Array(example.payload), limits: example.limits) {
    case .success:
        hold(isRight, "what is listed is JSON")
        hold(
            ![.notJSON, .tooDeep, .tooLarge].contains(wasRefused),
            "what is listed is JSON to the decoder: \(example.verdict)")
    case .failure(let fault):
        hold(!isRight, "what is JSON is listed: \(fault)")
        // Records are counted, and keys compared, while they are walked.
        hold(
            example.verdict.rejection == fault || wasRefused == .tooManyReadings
                || wasRefused == .duplicateKey,
            "the list says \(fault), the decoder \(example.verdict)")
    }
}

/// Space around a text changes nothing.
private func checkSpace(_ example: Judge.Case) {
    guard example.payload.count + 2 <= example.limits.payloadBytes, example.payload.last != 0,
        !example.payload.starts(with: PlainJSON.byteOrderMark)
    else { return }
    let spaced = judge.decode([0x0A] + Array(example.payload) + [0x20], as: example)
    hold(spaced == example.verdict, "with space: \(spaced), without: \(example.verdict)")
}

/// What the connection cut off is no message.
private func checkEnd(_ example: Judge.Case) {
    let bytes = Array(example.payload)
    guard let last = bytes.lastIndex(where: { $0 > 0x20 }), "]}".utf8.contains(bytes[last]) else { return }
    let cut = judge.decode(Array(bytes[..<last]), as: example)
    hold(cut.rejection?.reason == .notJSON, "without its last bracket: \(cut)")
}
