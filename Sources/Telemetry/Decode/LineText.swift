/// Takes the tokens of a line as they are met; each may refuse the line.
protocol LineVisitor {
    associatedtype Context
    mutating func measurement(_ name: FieldValue, in text: LineText)
    mutating func tag(_ key: FieldValue, _ value: FieldValue, in text: LineText, _ context: borrowing Context)
        -> Rejection?
    mutating func field(
        _ key: FieldValue, _ value: FieldValue, in text: LineText, _ context: borrowing Context
    ) -> Rejection?
    /// A whole number of 64 bits.
    mutating func time(_ time: FieldValue, _ context: borrowing Context)
    /// - Parameter start: where the line began.
    mutating func end(of start: Int, in text: LineText, _ context: borrowing Context) -> Rejection?
}

/// A cursor over line protocol, which knows its grammar and nothing of what is wanted.
struct LineText {
    let bytes: UnsafePointer<UInt8>
    let end: Int
    private(set) var at = 0

    init(_ bytes: UnsafePointer<UInt8>, count: Int) {
        self.bytes = bytes
        // A trailing NUL, as C firmware sends it, is let pass.
        end = count > 0 && bytes[count - 1] == 0 ? count - 1 : count
    }

    /// The byte at the cursor, a newline at the end.
    @inline(__always)
    var byte: UInt8 { at < end ? bytes[at] : 0x0A }

    @inline(__always)
    var isAtLineEnd: Bool {
        byte == 0x0A || byte == 0x0D && (at + 1 >= end || bytes[at + 1] == 0x0A)
    }

    @inline(__always)
    var isAtValueEnd: Bool { byte == UInt8(ascii: ",") || byte == UInt8(ascii: " ") || isAtLineEnd }

    /// Moves to the next line that says something.
    /// - Returns: where it starts, nil at the end.
    mutating func beginLine() -> Int? {
        while at < end {
            while at < end, bytes[at] == UInt8(ascii: " ") || bytes[at] == 0x09 { at += 1 }
            guard !isAtLineEnd else {
                _ = endLine()
                continue
            }
            guard byte == UInt8(ascii: "#") else { return at }
            skipLine()
        }
        return nil
    }

    /// Moves behind the end of the line; false if it is not there.
    private mutating func endLine() -> Bool {
        guard isAtLineEnd else { return false }
        if byte == 0x0D { at += 1 }
        at = min(at + 1, end)
        return true
    }

    /// Moves behind the next newline.
    mutating func skipLine() {
        while at < end, bytes[at] != 0x0A { at += 1 }
        at = min(at + 1, end)
    }

    /// - Returns: whether there was a space.
    private mutating func skipSpaces() -> Bool {
        let start = at
        while at < end, bytes[at] == UInt8(ascii: " ") { at += 1 }
        return at > start
    }

    /// Reads the line at the cursor. Without a fault the cursor is behind its end, with one it is still in the line.
    mutating func line<Visitor: LineVisitor>(
        _ visitor: inout Visitor, _ context: borrowing Visitor.Context
    ) -> Rejection? {
        let start = at
        let measurement = name(isKey: false)
        guard measurement.end > measurement.start else { return fault }
        visitor.measurement(measurement, in: self)
        while byte == UInt8(ascii: ",") {
            at += 1
            guard let key = key() else { return fault }
            let value = name(isKey: true)
            guard value.end > value.start, byte != UInt8(ascii: "=") else { return fault }
            if let rejection = visitor.tag(key, value, in: self, context) { return rejection }
        }
        guard skipSpaces() else { return fault }
        while true {
            guard let key = key(), !isAtValueEnd else { return fault }
            var found = FieldValue.absent
            if let rejection = value(&found) { return rejection }
            if let rejection = visitor.field(key, found, in: self, context) { return rejection }
            guard byte == UInt8(ascii: ",") else { break }
            at += 1
        }
        if let rejection = visitor.end(of: start, in: self, context) { return rejection }
        return time(&visitor, context)
    }

    private var fault: Rejection { Rejection(.notLineProtocol, at: at) }

    /// A key and the `=` behind it.
    private mutating func key() -> FieldValue? {
        let key = name(isKey: true)
        guard key.end > key.start, byte == UInt8(ascii: "=") else { return nil }
        at += 1
        return key
    }

    /// A timestamp, if there is one, and the end of the line.
    private mutating func time<Visitor: LineVisitor>(
        _ visitor: inout Visitor, _ context: borrowing Visitor.Context
    ) -> Rejection? {
        guard skipSpaces(), !isAtLineEnd else { return endLine() ? nil : fault }
        let from = at
        while !isAtValueEnd { at += 1 }
        let digits = UnsafeBufferPointer(start: bytes + from, count: at - from)
        guard let number = LineNumber.whole(digits, Int64.self), digits.first != UInt8(ascii: "+") else {
            return Rejection(.notATime, at: from)
        }
        visitor.time(
            FieldValue(number: Double(number), start: Int32(from), end: Int32(at), kind: .number), context)
        _ = skipSpaces()
        return endLine() ? nil : fault
    }

    // MARK: Names

    /// A measurement, or a key or value of a tag or a field, up to the byte that ends it.
    private mutating func name(isKey: Bool) -> FieldValue {
        let start = at
        var kind = FieldValue.Kind.text
        while !isAtLineEnd {
            let byte = bytes[at]
            if byte == UInt8(ascii: ",") || byte == UInt8(ascii: " ") { break }
            if isKey, byte == UInt8(ascii: "=") { break }
            if byte == UInt8(ascii: "\\"), isEscape(at, isKey: isKey) {
                kind = isKey ? .escapedText : .unusable
                at += 1
            }
            at += 1
        }
        return FieldValue(number: 0, start: Int32(start), end: Int32(at), kind: kind)
    }

    private func isEscape(_ at: Int, isKey: Bool) -> Bool {
        guard at + 1 < end else { return false }
        let next = bytes[at + 1]
        return next == UInt8(ascii: ",") || next == UInt8(ascii: " ") || isKey && next == UInt8(ascii: "=")
    }

    /// The bytes of a name without its escapes, written to `room` behind `start` if there are any.
    func plain(
        _ name: FieldValue, in room: @autoclosure () -> UnsafeMutableBufferPointer<UInt8>, from start: Int
    )
        -> UnsafeBufferPointer<UInt8>
    {
        guard name.kind != .text else { return name.text(in: bytes) }
        let room = room()
        var count = 0
        forEachByte(of: name) { byte in
            room[start + count] = byte
            count += 1
            return true
        }
        return UnsafeBufferPointer(rebasing: room[start..<start + count])
    }

    /// Whether a name is `wanted` once its escapes are undone.
    func says(_ wanted: some RandomAccessCollection<UInt8>, _ name: FieldValue) -> Bool {
        guard name.kind != .text else { return name.text(in: bytes).elementsEqual(wanted) }
        var rest = wanted[...]
        let isSame = forEachByte(of: name) { byte in rest.popFirst() == byte }
        return isSame && rest.isEmpty
    }

    /// - Returns: whether `body` was content with all of them.
    @discardableResult
    private func forEachByte(of name: FieldValue, _ body: (UInt8) -> Bool) -> Bool {
        var at = Int(name.start)
        while at < Int(name.end) {
            // A measurement with escapes is `unusable` as a key: in it an `=` needs none.
            if bytes[at] == UInt8(ascii: "\\"), isEscape(at, isKey: name.kind == .escapedText) { at += 1 }
            guard body(bytes[at]) else { return false }
            at += 1
        }
        return true
    }

    // MARK: Values

    /// A field's value; the cursor is behind it.
    private mutating func value(_ value: inout FieldValue) -> Rejection? {
        guard byte != UInt8(ascii: "\"") else { return string(&value) }
        let start = at
        while !isAtValueEnd { at += 1 }
        let token = UnsafeBufferPointer(start: bytes + start, count: at - start)
        value = FieldValue(number: 0, start: Int32(start), end: Int32(at), kind: .number)
        switch token[token.count - 1] {
        case UInt8(ascii: "i"):
            value.end -= 1
            guard let whole = LineNumber.whole(token.dropLast(), Int64.self) else { break }
            value.number = Double(whole)
            return nil
        case UInt8(ascii: "u"):
            value.end -= 1
            guard let whole = LineNumber.whole(token.dropLast(), UInt64.self) else { break }
            value.number = Double(whole)
            return nil
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."):
            guard let number = LineNumber.float(token) else { break }
            value.number = number
            return nil
        default:
            guard let isTrue = LineNumber.boolean(token) else { break }
            value.kind = isTrue ? .yes : .no
            return nil
        }
        return Rejection(.notANumber, at: start)
    }

    private mutating func string(_ value: inout FieldValue) -> Rejection? {
        let quote = at
        var kind = FieldValue.Kind.text
        at += 1
        while at < end, bytes[at] != UInt8(ascii: "\"") {
            if bytes[at] == UInt8(ascii: "\\"), at + 1 < end {
                let isEscape = bytes[at + 1] == UInt8(ascii: "\"") || bytes[at + 1] == UInt8(ascii: "\\")
                // JSON undoes these two escapes in the same way, and all others otherwise.
                if isEscape, kind == .text { kind = .escapedText }
                if isEscape { at += 1 } else { kind = .unusable }
            }
            at += 1
        }
        value = FieldValue(number: 0, start: Int32(quote + 1), end: Int32(min(at, end)), kind: kind)
        let isClosed = at < end
        if isClosed {
            at += 1
            if isAtValueEnd { return nil }
        }
        // A quote beyond a newline is more likely one of another line: this line ends at its own newline.
        let isOneLine = !(quote..<min(at, end)).contains { bytes[$0] == 0x0A }
        defer { at = quote }
        return Rejection(.notLineProtocol, at: isClosed && isOneLine ? at : quote)
    }
}

/// The numbers of line protocol.
enum LineNumber {
    static func boolean(_ text: UnsafeBufferPointer<UInt8>) -> Bool? {
        func says(_ word: StaticString) -> Bool {
            text.elementsEqual(UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
        }
        if says("t") || says("T") || says("true") || says("True") || says("TRUE") { return true }
        if says("f") || says("F") || says("false") || says("False") || says("FALSE") { return false }
        return nil
    }

    /// A whole number with or without a sign, nil if it is none or does not fit.
    static func whole<Number: FixedWidthInteger>(_ text: some Collection<UInt8>, _: Number.Type) -> Number? {
        var rest = text[...]
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        guard !rest.isEmpty else { return nil }
        var value: Number = 0
        for byte in rest {
            let digit = byte &- 48
            guard digit < 10 else { return nil }
            let (tens, isFar) = value.multipliedReportingOverflow(by: 10)
            let (sum, isBeyond) =
                isNegative
                ? tens.subtractingReportingOverflow(Number(digit))
                : tens.addingReportingOverflow(Number(digit))
            guard !isFar, !isBeyond else { return nil }
            value = sum
        }
        return value
    }

    /// A float; besides those of JSON `+1`, `01`, `1.` and `.5`.
    static func float(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
        NumberScanner.parse(text) ?? (isLoose(text) ? loose(text) : nil)
    }

    private static func isLoose(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        var at = 0
        func digits() -> Int {
            let start = at
            while at < text.count, text[at] &- 48 < 10 { at += 1 }
            return at - start
        }
        if let sign = text.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { at += 1 }
        var mantissa = digits()
        if at < text.count, text[at] == UInt8(ascii: ".") {
            at += 1
            mantissa += digits()
        }
        guard mantissa > 0 else { return false }
        guard at < text.count else { return true }
        guard text[at] | 0x20 == UInt8(ascii: "e") else { return false }
        at += 1
        if at < text.count, text[at] == UInt8(ascii: "-") || text[at] == UInt8(ascii: "+") { at += 1 }
        return digits() > 0 && at == text.count
    }

    /// Writes the number as JSON has it: one zero or none in front, digits on both sides of the point.
    private static func loose(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: text.count + 2) { room in
            var count = 0
            func put(_ byte: UInt8) {
                room[count] = byte
                count += 1
            }
            var rest = text[...]
            if rest.first == UInt8(ascii: "-") { put(UInt8(ascii: "-")) }
            if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
            rest = rest.drop { $0 == UInt8(ascii: "0") }
            func startsWithDigit() -> Bool { rest.first.map { $0 &- 48 < 10 } ?? false }
            if !startsWithDigit() { put(UInt8(ascii: "0")) }
            while let byte = rest.popFirst() {
                put(byte)
                if byte == UInt8(ascii: "."), !startsWithDigit() { put(UInt8(ascii: "0")) }
            }
            return NumberScanner.parse(UnsafeBufferPointer(rebasing: room[..<count]))
        }
    }
}
