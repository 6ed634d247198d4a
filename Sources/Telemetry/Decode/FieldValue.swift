/// One value found in a payload: a token that points into the bytes.
package struct FieldValue: BitwiseCopyable {
    package enum Kind: UInt8, BitwiseCopyable, CaseIterable {
        case absent, null, no, yes, number, text
        /// A JSON string with escapes in it.
        case escapedText
        /// A CBOR text in several pieces.
        case chunkedText
        /// CBOR bytes, whole or in several pieces.
        case data, chunkedData
        /// Several values reduced to one as they were met.
        case reduced
        /// Something that is no scalar, or that a reduction could not use.
        case unusable
    }

    package var number: Double
    /// Its kind and where it stands, in one word. Written in pieces it could be read as a whole only once all of them have
    /// reached the cache, and decoders read right away what they wrote.
    private var place: UInt64

    /// Bits of `start` and of `end`: far more than a payload has bytes.
    private static var width: UInt64 { 28 }
    private static var mask: UInt64 { 1 << width - 1 }

    @inline(__always)
    package var kind: Kind {
        // Nothing else is put there, and a case is the byte of its raw value.
        get { unsafeBitCast(UInt8(truncatingIfNeeded: place), to: Kind.self) }
        set { place = place & ~0xFF | UInt64(newValue.rawValue) }
    }

    @inline(__always)
    package var start: Int32 {
        get { Int32(truncatingIfNeeded: place >> 8 & Self.mask) }
        set { self = FieldValue(number: number, start: newValue, end: end, kind: kind) }
    }

    @inline(__always)
    package var end: Int32 {
        get { Int32(truncatingIfNeeded: place >> (8 + Self.width)) }
        set { self = FieldValue(number: number, start: start, end: newValue, kind: kind) }
    }

    package static let absent = FieldValue()

    @inline(__always)
    package init(number: Double = 0, start: Int32 = 0, end: Int32 = 0, kind: Kind = .absent) {
        self.number = number
        place = UInt64(kind.rawValue) | (UInt64(UInt32(bitPattern: start)) & Self.mask) << 8
        place |= UInt64(UInt32(bitPattern: end)) << (8 + Self.width)
    }

    /// A text of a payload, which is never so large that its places are beyond 32 bits.
    @inline(__always)
    init(_ range: Range<Int>, isEscaped: Bool) {
        self.init(
            start: Int32(truncatingIfNeeded: range.lowerBound),
            end: Int32(truncatingIfNeeded: range.upperBound),
            kind: isEscaped ? .escapedText : .text)
    }

    /// Where it stands in the payload; 0 for what was reduced, which stands in several places.
    var offset: Int { kind == .reduced ? 0 : Int(start) }

    /// The bytes of a text.
    @inline(__always)
    func text(in payload: UnsafePointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: payload + Int(start), count: Int(end - start))
    }

    /// Whether it is a text, in whatever form.
    @inline(__always)
    var isText: Bool { kind == .text || kind == .escapedText || kind == .chunkedText }

    /// Whether its bytes do not stand in the payload as they are meant.
    @inline(__always)
    var isIndirect: Bool { kind == .escapedText || kind == .chunkedText || kind == .chunkedData }

    /// The bytes as they are meant. Allocates; needed only for what is indirect, which is rare.
    func plain(in payload: UnsafePointer<UInt8>) -> [UInt8] {
        switch kind {
        case .escapedText: JSONKey.unescape(text(in: payload))
        case .chunkedText, .chunkedData: CBORReader.joined(text(in: payload))
        default: Array(text(in: payload))
        }
    }

    /// Whether the text, or the token of a number, says `wanted`.
    func says(_ wanted: UnsafeBufferPointer<UInt8>, in payload: UnsafePointer<UInt8>) -> Bool {
        if isIndirect { return plain(in: payload).elementsEqual(wanted) }
        if text(in: payload).isSame(as: wanted) { return true }
        // `t` and `TRUE` are the word `true`, too.
        switch kind {
        case .yes: return wanted.elementsEqual("true".utf8)
        case .no: return wanted.elementsEqual("false".utf8)
        default: return false
        }
    }
}

extension UInt8 {
    /// An ASCII capital as a small letter.
    @inline(__always)
    var lowercased: UInt8 { (65...90).contains(self) ? self | 0x20 : self }
}

extension FieldValue {
    /// Whether the text names `device`. Systems differ in how they write hexadecimal ids, so capitals are small letters.
    /// - Parameter prefix: what stands before it, to the letter.
    func names(
        _ device: UnsafeBufferPointer<UInt8>, behind prefix: [UInt8], in payload: UnsafePointer<UInt8>
    ) -> Bool {
        withText(behind: prefix, in: payload) { text in
            text?.elementsEqual(device) { $0.lowercased == $1.lowercased } ?? false
        }
    }

    /// The text as it is meant behind `prefix`, nil if it does not begin with that.
    @inline(__always)
    func withText<Result>(
        behind prefix: [UInt8], in payload: UnsafePointer<UInt8>,
        _ body: (UnsafeBufferPointer<UInt8>?) -> Result
    ) -> Result {
        func rest(_ text: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8>? {
            text.starts(with: prefix) ? UnsafeBufferPointer(rebasing: text[prefix.count...]) : nil
        }
        if isIndirect { return plain(in: payload).withUnsafeBufferPointer { body(rest($0)) } }
        return body(rest(text(in: payload)))
    }
}

/// How the values under a `*` become one.
package enum Reduction: String, Sendable, CaseIterable, BitwiseCopyable {
    case sum, mean, min, max, first, last, count

    /// Adds one more number to what was met before; `start` counts.
    func add(_ number: Double, to field: inout FieldValue) {
        let isFirst = field.kind != .reduced
        if isFirst { field = FieldValue(number: 0, start: 0, end: 0, kind: .reduced) }
        field.start += 1
        switch self {
        case .sum, .mean: field.number += number
        case .min: field.number = isFirst ? number : Swift.min(field.number, number)
        case .max: field.number = isFirst ? number : Swift.max(field.number, number)
        case .first: if isFirst { field.number = number }
        case .last: field.number = number
        case .count: field.number += 1
        }
    }

    /// The number after the last one.
    func result(of field: FieldValue) -> Double {
        self == .mean ? field.number / Double(field.start) : field.number
    }
}
