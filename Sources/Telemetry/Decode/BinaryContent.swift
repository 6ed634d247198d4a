/// The bytes of a binary format: a payload as it came, or what stands as base64 (RFC 4648 sections 4 and 5) in a JSON
/// message around it.
struct BinaryContent {
    let bytes: UnsafeBufferPointer<UInt8>
    /// Where the base64 text stands in the payload, nil if there is none.
    private let text: Base64Text?

    /// Finds the content, and fills the slots that the plan points at around it.
    /// - Returns: content that is valid as long as the payload, and until the next message. Never of an empty payload.
    static func open(
        _ payload: UnsafeRawBufferPointer, _ plan: borrowing RecordPlan, _ scratch: DecodeScratch
    ) -> Result<BinaryContent, Rejection> {
        guard let slot = plan.payload else {
            scratch.begin(plan)
            guard payload.count > 0 else { return .failure(Rejection(.noReadings)) }
            return .success(BinaryContent(bytes: payload.assumingMemoryBound(to: UInt8.self), text: nil))
        }
        if let rejection = JSONPayload.fill(from: payload, plan: plan, scratch) {
            return .failure(rejection)
        }
        let field = scratch.message[Int(slot.index)]
        switch field.kind {
        // An uplink without data: servers leave out what is empty.
        case .absent, .null: return .failure(Rejection(.noReadings))
        case .text, .escapedText: break
        default: return .failure(Rejection(.notBase64, at: Int(field.start)))
        }
        let base = payload.baseAddress!.assumingMemoryBound(to: UInt8.self)
        let text = Base64Text(bytes: base, start: Int(field.start), end: Int(field.end))
        switch text.decode(into: scratch.bytes) {
        case .success(let count):
            let bytes = UnsafeBufferPointer(rebasing: scratch.bytes[..<count])
            return .success(BinaryContent(bytes: bytes, text: text))
        case .failure(let rejection): return .failure(rejection)
        }
    }

    /// Where a byte of the content stands in the payload.
    func offset(of byte: Int) -> Int { text?.offset(ofByte: byte) ?? byte }
}

/// Base64 in a JSON string, where some libraries write `/` as `\/` and `+` as `\u002B`.
///
/// Both alphabets are read, with padding or without. Anything else in it is a fault, also bits that would be lost.
private struct Base64Text {
    let bytes: UnsafePointer<UInt8>
    let start: Int
    let end: Int

    /// - Parameter room: at least as long as the text.
    /// - Returns: how many bytes it stands for.
    func decode(into room: UnsafeMutableBufferPointer<UInt8>) -> Result<Int, Rejection> {
        var at = start
        var bits: UInt32 = 0
        var held: UInt32 = 0
        var letters = 0
        var count = 0
        while at < end {
            let place = at
            let letter = letter(&at)
            if letter == UInt8(ascii: "=") {
                guard isPadding(from: place, letters: letters) else {
                    return .failure(Rejection(.notBase64, at: place))
                }
                at = end
                break
            }
            guard let six = Self.value(letter) else { return .failure(Rejection(.notBase64, at: place)) }
            letters += 1
            bits = bits << 6 | UInt32(six)
            held += 6
            guard held >= 8 else { continue }
            held -= 8
            room[count] = UInt8(truncatingIfNeeded: bits >> held)
            count += 1
            bits &= 1 << held - 1
        }
        guard letters % 4 != 1, bits == 0 else { return .failure(Rejection(.notBase64, at: end)) }
        return .success(count)
    }

    /// The letter at `at`, which moves behind it; 0 if it is none that base64 has.
    private func letter(_ at: inout Int) -> UInt8 {
        guard bytes[at] == UInt8(ascii: "\\"), at + 1 < end else {
            defer { at += 1 }
            return bytes[at]
        }
        guard bytes[at + 1] == UInt8(ascii: "u"), at + 5 < end else {
            defer { at += 2 }
            return bytes[at + 1] == UInt8(ascii: "/") ? bytes[at + 1] : 0
        }
        var unit: UInt32 = 0
        for digit in at + 2..<at + 6 {
            let letter = bytes[digit]
            unit = unit << 4 | UInt32(letter & 15) + (letter > UInt8(ascii: "9") ? 9 : 0)
        }
        at += 6
        return unit < 0x80 ? UInt8(unit) : 0
    }

    /// Whether nothing but the padding that `letters` need stands from `place` on.
    private func isPadding(from place: Int, letters: Int) -> Bool {
        var at = place
        var count = letters
        while at < end {
            guard letter(&at) == UInt8(ascii: "=") else { return false }
            count += 1
        }
        return letters % 4 >= 2 && count == (letters + 3) / 4 * 4
    }

    /// Where the letter stands that a byte begins in.
    func offset(ofByte byte: Int) -> Int {
        var at = start
        for _ in 0..<byte * 8 / 6 where at < end { _ = letter(&at) }
        return min(at, end)
    }

    @inline(__always)
    private static func value(_ letter: UInt8) -> UInt8? {
        switch letter {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): letter - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): letter - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): letter - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"), UInt8(ascii: "-"): 62
        case UInt8(ascii: "/"), UInt8(ascii: "_"): 63
        default: nil
        }
    }
}
