import Glibc

/// RFC 8259 a second time, written plainly and apart from the decoder, to compare with it.
package struct PlainJSON {
    package enum Verdict: Equatable {
        /// What is wrong does not matter; below this depth nothing was looked at.
        case wrong
        case right(depth: Int)
    }

    package static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    private let bytes: [UInt8]
    private var at = 0
    private var deepest = 0

    private struct Wrong: Error {}

    /// - Parameter payload: may begin with a byte order mark, and end in one NUL, which C firmware sends.
    package static func verdict(_ payload: UnsafeRawBufferPointer) -> Verdict {
        var bytes = Array(payload)
        if bytes.starts(with: byteOrderMark) { bytes.removeFirst(3) }
        if bytes.last == 0 { bytes.removeLast() }
        // Outside of strings there is only ASCII, so the text as a whole must be UTF-8.
        guard String(validating: bytes, as: UTF8.self) != nil else { return .wrong }
        var json = PlainJSON(bytes: bytes)
        do {
            try json.value(depth: 0)
            return json.at == bytes.count ? .right(depth: json.deepest) : .wrong
        } catch { return .wrong }
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private var next: UInt8? { at < bytes.count ? bytes[at] : nil }

    private mutating func space() {
        while let byte = next, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { at += 1 }
    }

    private mutating func eat(_ text: String) throws {
        guard bytes[at...].starts(with: text.utf8) else { throw Wrong() }
        at += text.utf8.count
    }

    private mutating func value(depth: Int) throws {
        // Enough to see that it is too deep, and little enough for the stack.
        guard depth <= 100 else { throw Wrong() }
        space()
        switch next.map({ Character(UnicodeScalar($0)) }) {
        case "{": try members(depth + 1, until: "}", isObject: true)
        case "[": try members(depth + 1, until: "]", isObject: false)
        case "\"": try string()
        case "t": try eat("true")
        case "f": try eat("false")
        case "n": try eat("null")
        default: try number()
        }
        space()
    }

    private mutating func members(_ depth: Int, until end: String, isObject: Bool) throws {
        deepest = max(deepest, depth)
        at += 1
        space()
        if next == end.utf8.first {
            at += 1
            return
        }
        while true {
            if isObject {
                space()
                try string()
                space()
                try eat(":")
            }
            try value(depth: depth)
            if next != UInt8(ascii: ",") { break }
            at += 1
        }
        try eat(end)
    }

    private mutating func string() throws {
        try eat("\"")
        while let byte = next, byte != UInt8(ascii: "\"") {
            guard byte >= 0x20 else { throw Wrong() }
            at += 1
            guard byte == UInt8(ascii: "\\") else { continue }
            guard let letter = next else { throw Wrong() }
            at += 1
            if letter == UInt8(ascii: "u") {
                let digits = String(decoding: bytes[at...].prefix(4), as: UTF8.self)
                guard digits.utf8.count == 4, digits.allSatisfy(\.isHexDigit), digits.allSatisfy(\.isASCII)
                else { throw Wrong() }
                at += 4
            } else {
                guard #""\/bfnrt"#.utf8.contains(letter) else { throw Wrong() }
            }
        }
        try eat("\"")
    }

    private mutating func number() throws {
        let rest = bytes[at...].prefix { "+-.0123456789eE".utf8.contains($0) }
        guard PlainNumber.value(Array(rest)) != nil else { throw Wrong() }
        at += rest.count
    }
}

/// Decimal numbers a second time: the grammar of RFC 8259 section 6 by hand, the value by the C library.
package enum PlainNumber {
    /// nil if it is not written so or is beyond a double.
    package static func value(_ bytes: [UInt8]) -> Double? {
        guard isNumber(bytes) else { return nil }
        let value = (bytes + [0]).withUnsafeBytes {
            strtod($0.assumingMemoryBound(to: CChar.self).baseAddress!, nil)
        }
        return value.isFinite ? value : nil
    }

    private static func isNumber(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        func digits(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
            let digits = rest.prefix { (48...57).contains($0) }
            rest = rest.dropFirst(digits.count)
            return digits
        }
        if rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
        let whole = digits(&rest)
        if whole.isEmpty || (whole.count > 1 && whole.first == UInt8(ascii: "0")) { return false }
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            if digits(&rest).isEmpty { return false }
        }
        if let letter = rest.first, letter == UInt8(ascii: "e") || letter == UInt8(ascii: "E") {
            rest = rest.dropFirst()
            if let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
                rest = rest.dropFirst()
            }
            if digits(&rest).isEmpty { return false }
        }
        return rest.isEmpty
    }
}
