/// One CBOR data item (RFC 8949 section 3): its head and, of a string, all of it.
package struct CBORItem: Sendable {
    package enum Kind: UInt8, BitwiseCopyable, Sendable {
        case unsigned, negative, bytes, text, array, map, tag, simple, float
        /// The end of what has no length (0xFF).
        case stop
    }

    package var kind: Kind
    /// n of an `unsigned` n or a `negative` -1 - n; the length of a string, array or map; the number of a `tag` or
    /// `simple` value.
    package var argument: UInt64
    /// Whether a string, array or map has no length in front, but a stop behind.
    package var isIndefinite = false
    /// The value of a `float`.
    package var number = 0.0
    /// Where its head starts.
    package var start: Int
    /// The bytes of a string; of one without a length, all its pieces with their heads.
    package var contents = 0..<0
}

/// A cursor over CBOR (RFC 8949) that checks everything and allocates nothing.
///
/// What is not well-formed is refused, and so is a text that is not UTF-8. Numbers and lengths may be written longer than
/// they need be, and a map may say a key twice: what that means is for its reader to decide.
package struct CBORReader {
    package let bytes: UnsafePointer<UInt8>
    package let end: Int
    package private(set) var at = 0
    package private(set) var rejection: Rejection?
    /// Arrays and maps that may still be opened.
    private var depthLeft: Int

    /// - Parameter payload: not empty.
    package init(_ payload: UnsafeRawBufferPointer, depth: Int) {
        bytes = payload.baseAddress!.assumingMemoryBound(to: UInt8.self)
        end = payload.count
        depthLeft = depth
    }

    /// Notes the first fault and says false, so that callers can return it.
    package mutating func fail(_ reason: RejectionReason, at offset: Int? = nil) -> Bool {
        if rejection == nil { rejection = Rejection(reason, at: offset ?? at) }
        return false
    }

    /// True if nothing follows.
    package mutating func finish() -> Bool { at == end ? true : fail(.notCBOR) }

    // MARK: Items

    /// The next item: of an array, map or tag its head alone, and the cursor stands on what is in it.
    /// - Returns: nil if it is not well-formed; the fault is noted.
    package mutating func item() -> CBORItem? {
        let start = at
        guard let head = head() else { return nil }
        return item(head, start)
    }

    /// The first bytes of an item.
    struct Head: BitwiseCopyable {
        var major: UInt8
        var info: UInt8
        var argument: UInt64
        var isIndefinite: Bool { info == 31 }
    }

    @inline(__always)
    mutating func head() -> Head? {
        guard at < end else { return noHead(at: end) }
        var head = Head(major: bytes[at] >> 5, info: bytes[at] & 31, argument: UInt64(bytes[at] & 31))
        at += 1
        if head.info < 24 { return head }
        return argument(&head) ? head : nil
    }

    private mutating func noHead(at offset: Int) -> Head? {
        _ = fail(.notCBOR, at: offset)
        return nil
    }

    /// An argument that does not stand in the first byte.
    private mutating func argument(_ head: inout Head) -> Bool {
        switch head.info {
        case 24...27:
            let count = 1 << Int(head.info - 24)
            guard end - at >= count else { return fail(.notCBOR, at: end) }
            head.argument = 0
            for _ in 0..<count {
                head.argument = head.argument << 8 | UInt64(bytes[at])
                at += 1
            }
            return true
        case 31 where head.major >= 2 && head.major != 6: return true
        default: return fail(.notCBOR, at: at - 1)
        }
    }

    /// The item of a head that was read.
    private mutating func item(_ head: Head, _ start: Int) -> CBORItem? {
        var item = CBORItem(
            kind: .stop, argument: head.argument, isIndefinite: head.isIndefinite, start: start)
        switch head.major {
        case 0: item.kind = .unsigned
        case 1: item.kind = .negative
        case 2: item.kind = .bytes
        case 3: item.kind = .text
        case 4: item.kind = .array
        case 5: item.kind = .map
        case 6: item.kind = .tag
        default: return special(item, head.info)
        }
        guard item.kind == .bytes || item.kind == .text else { return item }
        return string(&item) ? item : nil
    }

    private mutating func refuse(at offset: Int) -> CBORItem? {
        _ = fail(.notCBOR, at: offset)
        return nil
    }

    /// Major type 7 (section 3.3).
    private mutating func special(_ item: CBORItem, _ info: UInt8) -> CBORItem? {
        var item = item
        switch info {
        case 24 where item.argument < 32: return refuse(at: item.start)
        case 0...24: item.kind = .simple
        case 25: item.number = Self.half(UInt16(item.argument))
        case 26: item.number = Double(Float(bitPattern: UInt32(item.argument)))
        case 27: item.number = Double(bitPattern: item.argument)
        default: return item
        }
        if info > 24 { item.kind = .float }
        return item
    }

    /// Half precision (IEEE 754 binary16; section 3.3 and appendix D).
    private static func half(_ bits: UInt16) -> Double {
        let exponent = Int(bits >> 10 & 31)
        let fraction = Double(bits & 1_023)
        let magnitude =
            switch exponent {
            case 0: fraction / 16_777_216
            case 31: fraction == 0 ? Double.infinity : .nan
            default: Double(sign: .plus, exponent: exponent - 25, significand: fraction + 1_024)
            }
        return bits & 0x8000 == 0 ? magnitude : -magnitude
    }

    /// The contents of a string whose head was read.
    private mutating func string(_ item: inout CBORItem) -> Bool {
        let start = at
        guard item.isIndefinite else {
            item.contents = start..<start
            guard piece(item.argument, isText: item.kind == .text) else { return false }
            item.contents = start..<at
            return true
        }
        while true {
            guard at < end else { return fail(.notCBOR, at: end) }
            if bytes[at] == 0xFF {
                item.contents = start..<at
                at += 1
                return true
            }
            // Each piece is a string of the same kind with a length (section 3.2.3).
            let isPiece = bytes[at] >> 5 == (item.kind == .text ? 3 : 2) && bytes[at] & 31 < 28
            guard isPiece else { return fail(.notCBOR) }
            guard self.item() != nil else { return false }
        }
    }

    /// The `count` bytes of a string, which are checked if they are a text's.
    private mutating func piece(_ count: UInt64, isText: Bool) -> Bool {
        guard count <= UInt64(end - at) else { return fail(.notCBOR, at: end) }
        let after = at + Int(count)
        guard isText else {
            at = after
            return true
        }
        while at < after {
            if after - at >= 8, EightBytes(at: bytes + at).areASCII {
                at += 8
            } else if bytes[at] < 0x80 {
                at += 1
            } else if let count = UTF8Sequence.count(bytes, at: at, end: after) {
                at += count
            } else {
                return fail(.notCBOR)
            }
        }
        return true
    }

    /// The pieces of a string without a length, as one. Allocates.
    package static func joined(_ pieces: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        guard !pieces.isEmpty else { return [] }
        var reader = CBORReader(UnsafeRawBufferPointer(pieces), depth: 0)
        var whole: [UInt8] = []
        while let piece = reader.at < reader.end ? reader.item() : nil {
            whole.append(contentsOf: pieces[piece.contents])
        }
        return whole
    }

    // MARK: Arrays and maps

    /// Walks the elements of an array or the pairs of a map whose head was read.
    /// - Parameter body: reads one item, or two in a map, and nothing else.
    @inline(__always)
    package mutating func forEach(in container: CBORItem, _ body: (inout CBORReader) -> Bool) -> Bool {
        guard depthLeft > 0 else { return fail(.tooDeep, at: container.start) }
        depthLeft -= 1
        var left = container.argument
        while true {
            if container.isIndefinite {
                if at < end, bytes[at] == 0xFF {
                    at += 1
                    break
                }
            } else {
                if left == 0 { break }
                left -= 1
            }
            guard body(&self) else { return false }
        }
        depthLeft += 1
        return true
    }

    // MARK: Values

    /// A scalar into `field`, or a container skipped and marked unusable. Tags other than those of numbers are passed over.
    @inline(__always)
    package mutating func value(_ field: inout FieldValue) -> Bool {
        let start = at
        guard let head = head() else { return false }
        switch head.major {
        case 0: field = value(.number, start..<at, Double(head.argument))
        case 1 where head.argument < 1 << 53: field = value(.number, start..<at, -1 - Double(head.argument))
        case 3 where !head.isIndefinite:
            let text = at
            guard piece(head.argument, isText: true) else { return false }
            field = value(.text, text..<at)
        default: return value(head, start, &field)
        }
        return true
    }

    private mutating func value(_ head: Head, _ start: Int, _ field: inout FieldValue) -> Bool {
        guard var item = item(head, start) else { return false }
        var isUsable = true
        while item.kind == .tag {
            if isUsable, let number = number(taggedBy: item.argument) {
                field = value(.number, start..<at, number)
                return true
            }
            isUsable = isUsable && !(2...5).contains(item.argument)
            guard let content = self.item() else { return false }
            item = content
        }
        guard read(item, start, &field) else { return false }
        if !isUsable { field.kind = .unusable }
        return true
    }

    private mutating func read(_ item: CBORItem, _ start: Int, _ field: inout FieldValue) -> Bool {
        field = value(.unusable, start..<at)
        switch item.kind {
        case .unsigned: field = value(.number, start..<at, Double(item.argument))
        case .negative: field = value(.number, start..<at, CBORNumber(negative: item.argument).double)
        case .float: field = value(.number, start..<at, item.number)
        case .text: field = value(item.isIndefinite ? .chunkedText : .text, item.contents)
        case .bytes: field = value(item.isIndefinite ? .chunkedData : .data, item.contents)
        case .simple:
            switch item.argument {
            case 20: field.kind = .no
            case 21: field.kind = .yes
            // Undefined is as little as null.
            case 22, 23: field.kind = .null
            default: break
            }
        case .array: return forEach(in: item) { $0.skip() }
        case .map: return forEach(in: item) { $0.skip() && $0.skip() }
        // Values are read where something must stand, and tags are gone.
        case .stop, .tag: return fail(.notCBOR, at: item.start)
        }
        return true
    }

    private func value(_ kind: FieldValue.Kind, _ range: Range<Int>, _ number: Double = 0) -> FieldValue {
        FieldValue(number: number, start: Int32(range.lowerBound), end: Int32(range.upperBound), kind: kind)
    }

    /// A number as a whole one, exact to 64 bits; nil if it is none.
    func whole(_ field: FieldValue) -> Int64? {
        guard field.kind == .number else { return nil }
        var reader = self
        reader.at = Int(field.start)
        if let item = reader.item(), item.kind == .unsigned { return Int64(exactly: item.argument) }
        return Int64(exactly: field.number)
    }

    package mutating func skip() -> Bool {
        var ignored = FieldValue.absent
        return value(&ignored)
    }

    /// The number of a bignum (tags 2 and 3), decimal fraction (4) or bigfloat (5); the cursor stands on its content and
    /// moves only if there is one that fits a double.
    private mutating func number(taggedBy tag: UInt64) -> Double? {
        guard (2...5).contains(tag) else { return nil }
        // On trial: what is no such number may still be well-formed.
        var trial = self
        let number = tag < 4 ? trial.bignum(tag)?.double : trial.fraction(base: tag == 4 ? 10 : 2)
        guard let number, number.isFinite else { return nil }
        at = trial.at
        return number
    }

    private mutating func bignum(_ tag: UInt64) -> CBORNumber? {
        guard let item = item(), item.kind == .bytes else { return nil }
        let contents = UnsafeBufferPointer(
            start: bytes + item.contents.lowerBound, count: item.contents.count)
        var number = CBORNumber()
        if item.isIndefinite {
            var pieces = self
            pieces.at = item.contents.lowerBound
            while pieces.at < item.contents.upperBound, let piece = pieces.item() {
                for index in piece.contents { number.append(bytes[index]) }
            }
        } else {
            contents.forEach { number.append($0) }
        }
        return tag == 3 ? number.negated : number
    }

    /// An array of exponent and mantissa (section 3.4.4).
    private mutating func fraction(base: Int) -> Double? {
        guard depthLeft > 0, let pair = head(), pair.major == 4, pair.isIndefinite || pair.argument == 2,
            let exponent = head(), exponent.major < 2, let mantissa = mantissa()
        else { return nil }
        if pair.isIndefinite {
            guard let stop = head(), stop.major == 7, stop.isIndefinite else { return nil }
        }
        // Beyond that all is 0 or infinite.
        let size = Int(min(exponent.argument, 99_999))
        let power = exponent.major == 0 ? size : -size - 1
        return base == 2 ? mantissa.double(timesTwoTo: power) : mantissa.double(timesTenTo: power)
    }

    private mutating func mantissa() -> CBORNumber? {
        guard let head = head() else { return nil }
        switch head.major {
        case 0: return CBORNumber(high: head.argument)
        case 1: return CBORNumber(negative: head.argument)
        case 6 where head.argument == 2 || head.argument == 3: return bignum(head.argument)
        default: return nil
        }
    }
}
