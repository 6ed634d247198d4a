@testable import Telemetry

/// CBOR as people write it: hexadecimal in, diagnostic notation (RFC 8949 section 8) out.
enum CBORText {
    /// Bytes of hexadecimal digits; space between them is passed over.
    static func bytes(_ text: String) -> [UInt8] {
        let digits = text.utf8.filter { $0 != UInt8(ascii: " ") }
        precondition(digits.count % 2 == 0, "whole bytes: \(text)")
        return stride(from: 0, to: digits.count, by: 2).map { at in
            UInt8(String(decoding: digits[at..<at + 2], as: UTF8.self), radix: 16)!
        }
    }

    static func diagnose(_ bytes: [UInt8], depth: Int = 16) -> Result<String, Rejection> {
        bytes.withUnsafeBytes { bytes in
            var reader = CBORReader(bytes, depth: depth)
            var text = ""
            guard write(&reader, &text), reader.finish() else { return .failure(reader.rejection!) }
            return .success(text)
        }
    }

    /// What a profile's field would see.
    static func value(_ hexadecimal: String, depth: Int = 16) -> FieldValue? {
        bytes(hexadecimal).withUnsafeBytes { bytes in
            var reader = CBORReader(bytes, depth: depth)
            var field = FieldValue.absent
            return reader.value(&field) && reader.finish() ? field : nil
        }
    }

    private static func write(_ reader: inout CBORReader, _ text: inout String) -> Bool {
        guard let item = reader.item() else { return false }
        let open = item.isIndefinite ? "_ " : ""
        switch item.kind {
        case .unsigned: text += "\(item.argument)"
        case .negative: text += item.argument == .max ? "-18446744073709551616" : "-\(item.argument + 1)"
        case .bytes, .text: text += string(item, reader)
        case .float:
            text +=
                item.number.isNaN ? "NaN" : item.number.isFinite ? "\(item.number)" : infinity(item.number)
        case .simple:
            text +=
                [20: "false", 21: "true", 22: "null", 23: "undefined"][item.argument]
                ?? "simple(\(item.argument))"
        case .tag:
            text += "\(item.argument)("
            guard write(&reader, &text) else { return false }
            text += ")"
        case .array:
            text += "[\(open)"
            var isFirst = true
            let went = reader.forEach(in: item) { reader in
                text += isFirst ? "" : ", "
                isFirst = false
                return write(&reader, &text)
            }
            guard went else { return false }
            text += "]"
        case .map:
            text += "{\(open)"
            var isFirst = true
            let went = reader.forEach(in: item) { reader in
                text += isFirst ? "" : ", "
                isFirst = false
                guard write(&reader, &text) else { return false }
                text += ": "
                return write(&reader, &text)
            }
            guard went else { return false }
            text += "}"
        case .stop: return reader.fail(.notCBOR, at: item.start)
        }
        return true
    }

    private static func infinity(_ number: Double) -> String { number < 0 ? "-Infinity" : "Infinity" }

    private static func string(_ item: CBORItem, _ reader: CBORReader) -> String {
        let contents = UnsafeBufferPointer(
            start: reader.bytes + item.contents.lowerBound, count: item.contents.count)
        guard item.isIndefinite else { return quoted(Array(contents), item.kind) }
        guard !contents.isEmpty else { return item.kind == .text ? "\"\"_" : "''_" }
        var pieces = CBORReader(UnsafeRawBufferPointer(contents), depth: 1)
        var texts: [String] = []
        while pieces.at < pieces.end, let piece = pieces.item() {
            texts.append(quoted(Array(contents[piece.contents]), piece.kind))
        }
        return "(_ \(texts.joined(separator: ", ")))"
    }

    private static func quoted(_ bytes: [UInt8], _ kind: CBORItem.Kind) -> String {
        guard kind == .bytes else { return "\"\(String(decoding: bytes, as: UTF8.self))\"" }
        let digits = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
        return "h'\(digits.joined())'"
    }
}
