/// A cursor over JSON text (RFC 8259) that validates everything and allocates nothing.
struct JSONReader {
    let bytes: UnsafePointer<UInt8>
    let end: Int
    var at = 0
    /// Containers that may still be opened.
    var depthLeft: Int
    private(set) var rejection: Rejection?

    /// A byte order mark in front, as files from Windows have it, is stepped over (RFC 8259 section 8.1 allows it).
    init(_ payload: UnsafeRawBufferPointer, depth: Int) {
        bytes = payload.baseAddress!.assumingMemoryBound(to: UInt8.self)
        end = payload.count
        depthLeft = depth
        if end >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { at = 3 }
    }

    /// Notes the first fault and says false, so that callers can return it.
    @inline(__always)
    mutating func fail(_ reason: RejectionReason, at offset: Int? = nil) -> Bool {
        if rejection == nil { rejection = Rejection(reason, at: offset ?? at) }
        return false
    }

    @inline(__always)
    mutating func skipSpace() {
        while at < end {
            let byte = bytes[at]
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
            at += 1
        }
    }

    /// The byte a value starts with, or 0 at the end.
    @inline(__always)
    mutating func peek() -> UInt8 {
        skipSpace()
        return at < end ? bytes[at] : 0
    }

    @inline(__always)
    mutating func expect(_ byte: UInt8) -> Bool {
        guard peek() == byte else { return fail(.notJSON) }
        at += 1
        return true
    }

    /// True if nothing but space follows. A trailing NUL, as C firmware sends it, is let pass.
    mutating func finish() -> Bool {
        skipSpace()
        if at == end - 1, bytes[at] == 0 { at += 1 }
        return at == end ? true : fail(.notJSON)
    }

    // MARK: Containers

    /// What comes next in a container.
    enum Step { case child, end, fault }

    /// Goes into a container whose bracket the cursor stands on.
    @inline(__always)
    mutating func enter(closing: UInt8) -> Step {
        guard depthLeft > 0 else {
            _ = fail(.tooDeep)
            return .fault
        }
        depthLeft -= 1
        at += 1
        guard peek() == closing else { return .child }
        close()
        return .end
    }

    /// Goes on behind a child that was read.
    @inline(__always)
    mutating func proceed(closing: UInt8) -> Step {
        let next = peek()
        if next == UInt8(ascii: ",") {
            at += 1
            return .child
        }
        guard next == closing else {
            _ = fail(.notJSON)
            return .fault
        }
        close()
        return .end
    }

    @inline(__always)
    private mutating func close() {
        depthLeft += 1
        at += 1
    }

    /// The key of a member; the cursor moves to its value.
    @inline(__always)
    mutating func key(_ range: inout Range<Int>, _ escaped: inout Bool) -> Bool {
        guard peek() == UInt8(ascii: "\"") else { return fail(.notJSON) }
        return string(&range, &escaped) && expect(UInt8(ascii: ":"))
    }

    /// Walks the members of an object or the elements of an array; the cursor stands on its bracket.
    /// - Parameter body: reads one value and nothing else. Gets the key's range (empty in arrays) and its position.
    @inline(__always)
    mutating func forEachElement(
        _ body: (inout JSONReader, _ key: Range<Int>, _ keyIsEscaped: Bool, _ index: Int) -> Bool
    ) -> Bool {
        let isObject = bytes[at] == UInt8(ascii: "{")
        let closing = isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")
        var index = 0
        var step = enter(closing: closing)
        while step == .child {
            var range = 0..<0
            var escaped = false
            if isObject, !key(&range, &escaped) { return false }
            guard body(&self, range, escaped, index) else { return false }
            index += 1
            step = proceed(closing: closing)
        }
        return step == .end
    }

    // MARK: Scalars

    /// A string; the cursor stands on its quote. `range` excludes the quotes.
    @inline(__always)
    mutating func string(_ range: inout Range<Int>, _ escaped: inout Bool) -> Bool {
        let start = at + 1
        at = plainEnd(from: start)
        escaped = false
        if at < end, bytes[at] == UInt8(ascii: "\"") {
            range = start..<at
            at += 1
            return true
        }
        return restOfString(start, &range, &escaped)
    }

    /// From the first byte of a string on that does not stand for itself.
    private mutating func restOfString(_ start: Int, _ range: inout Range<Int>, _ escaped: inout Bool) -> Bool
    {
        while at < end {
            let byte = bytes[at]
            if byte == UInt8(ascii: "\"") {
                range = start..<at
                at += 1
                return true
            }
            if byte < 0x20 { return fail(.notJSON) }
            if byte == UInt8(ascii: "\\") {
                escaped = true
                guard escape() else { return false }
            } else if byte >= 0x80 {
                guard multibyte() else { return false }
            } else {
                at = plainEnd(from: at)
            }
        }
        return fail(.notJSON)
    }

    /// The first byte from `start` on that does not stand in a string for itself, or the end.
    @inline(__always)
    private func plainEnd(from start: Int) -> Int {
        var at = start
        while end - at >= 8 {
            let count = EightBytes(at: bytes + at).plainCount
            at += count
            if count < 8 { return at }
        }
        while at < end, bytes[at] != UInt8(ascii: "\""), bytes[at] != UInt8(ascii: "\\"),
            0x20..<0x80 ~= bytes[at]
        {
            at += 1
        }
        return at
    }

    private mutating func escape() -> Bool {
        guard at + 1 < end else { return fail(.notJSON) }
        switch bytes[at + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            at += 2
            return true
        case UInt8(ascii: "u"):
            guard at + 5 < end, (at + 2..<at + 6).allSatisfy({ isHexadecimal(bytes[$0]) }) else {
                return fail(.notJSON)
            }
            at += 6
            return true
        default: return fail(.notJSON)
        }
    }

    private func isHexadecimal(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (65...70).contains(byte) || (97...102).contains(byte)
    }

    private mutating func multibyte() -> Bool {
        guard let count = UTF8Sequence.count(bytes, at: at, end: end) else { return fail(.notJSON) }
        at += count
        return true
    }

    /// A scalar into `field`, or a container skipped and marked unusable.
    @inline(__always)
    mutating func value(_ field: inout FieldValue) -> Bool {
        let first = peek()
        let start = at
        if first == UInt8(ascii: "\"") {
            var range = 0..<0
            var escaped = false
            guard string(&range, &escaped) else { return false }
            field = FieldValue(range, isEscaped: escaped)
            return true
        }
        guard first &- 48 < 10 || first == UInt8(ascii: "-") else { return rarerValue(first, &field) }
        guard let number = NumberScanner.scan(bytes, &at, end: end) else {
            return fail(.notJSON, at: start)
        }
        field = FieldValue(
            number: number, start: Int32(truncatingIfNeeded: start), end: Int32(truncatingIfNeeded: at),
            kind: .number)
        return true
    }

    /// A value that is neither text nor number.
    @inline(never)
    private mutating func rarerValue(_ first: UInt8, _ field: inout FieldValue) -> Bool {
        switch first {
        case UInt8(ascii: "t"): return word("true", .yes, &field)
        case UInt8(ascii: "f"): return word("false", .no, &field)
        case UInt8(ascii: "n"): return word("null", .null, &field)
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            field = FieldValue(number: 0, start: Int32(at), end: Int32(at), kind: .unusable)
            return skipContainer()
        default: return fail(.notJSON)
        }
    }

    private mutating func word(_ text: StaticString, _ kind: FieldValue.Kind, _ field: inout FieldValue)
        -> Bool
    {
        let count = text.utf8CodeUnitCount
        guard at + count <= end else { return fail(.notJSON) }
        for offset in 0..<count where bytes[at + offset] != text.utf8Start[offset] { return fail(.notJSON) }
        field = FieldValue(number: 0, start: Int32(at), end: Int32(at + count), kind: kind)
        at += count
        return true
    }

    /// A number as a whole one, exact to 64 bits; nil if it is none.
    func whole(_ field: FieldValue) -> Int64? {
        guard field.kind == .number else { return nil }
        if abs(field.number) >= NumberScanner.firstInexact {
            return NumberScanner.whole(field.text(in: bytes))
        }
        return Int64(exactly: field.number)
    }

    @inline(never)
    mutating func skip() -> Bool {
        var ignored = FieldValue.absent
        return value(&ignored)
    }

    private mutating func skipContainer() -> Bool {
        forEachElement { reader, _, _, _ in reader.skip() }
    }
}
