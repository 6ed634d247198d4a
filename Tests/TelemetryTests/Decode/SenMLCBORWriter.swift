@testable import Telemetry

/// Writes a pack given as JSON in CBOR (RFC 8428 section 6), in each of the ways writers do.
struct SenMLCBORWriter {
    enum Style: CaseIterable {
        /// Labels are numbers, lengths stand in front.
        case plain
        /// Labels are texts, as old libraries write them; data is a text, too.
        case textLabels
        /// Arrays, maps and texts without lengths.
        case indefinite
        /// Numbers are decimal fractions, or halves and singles where they fit; in front stands the tag of CBOR.
        case compact
    }

    let style: Style

    private static let labels = [
        "bs": -6, "bv": -5, "bu": -4, "bt": -3, "bn": -2, "bver": -1, "n": 0, "u": 1, "v": 2, "vs": 3,
        "vb": 4,
        "s": 5, "t": 6, "ut": 7, "vd": 8,
    ]

    func write(_ json: String) -> [UInt8] {
        guard case .success(let leaves) = JSONLeaves.list(Array(json.utf8)) else { preconditionFailure(json) }
        var records: [[(label: String, value: JSONLeaves.Value)]] = []
        for leaf in leaves {
            let parts = leaf.pointer.split(separator: "/")
            let index = Int(parts[0])!
            while records.count <= index { records.append([]) }
            records[index].append((String(parts[1]), leaf.value))
        }
        var bytes: [UInt8] = style == .compact ? [0xD9, 0xD9, 0xF7] : []
        bytes += open(4, records.count)
        for record in records {
            bytes += open(5, record.count)
            for (label, value) in record { bytes += key(label) + content(label, value) }
            bytes += close
        }
        return bytes + close
    }

    private var close: [UInt8] { style == .indefinite ? [0xFF] : [] }

    private func open(_ major: UInt8, _ count: Int) -> [UInt8] {
        style == .indefinite ? [major << 5 | 31] : Self.head(major, UInt64(count))
    }

    private func key(_ label: String) -> [UInt8] {
        guard style != .textLabels, let number = Self.labels[label] else { return text(label) }
        return number < 0 ? Self.head(1, UInt64(-1 - number)) : Self.head(0, UInt64(number))
    }

    private func content(_ label: String, _ value: JSONLeaves.Value) -> [UInt8] {
        switch value {
        case .number(let number): self.number(number)
        case .boolean(let isTrue): [isTrue ? 0xF5 : 0xF4]
        case .null: [0xF6]
        case .text(let text) where label == "vd" && style != .textLabels: data(text)
        case .text(let text): self.text(text)
        }
    }

    private func text(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8)
        guard style == .indefinite, bytes.count > 1 else { return Self.head(3, UInt64(bytes.count)) + bytes }
        return [0x7F] + Self.head(3, 1) + bytes[..<1] + Self.head(3, UInt64(bytes.count - 1)) + bytes[1...]
            + [0xFF]
    }

    private func data(_ base64: String) -> [UInt8] {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
        var bits = ""
        for byte in base64.utf8 {
            let six = String(letters.firstIndex(of: byte)!, radix: 2)
            bits += String(repeating: "0", count: 6 - six.utf8.count) + six
        }
        var bytes: [UInt8] = []
        while bits.utf8.count >= 8 {
            bytes.append(UInt8(bits.prefix(8), radix: 2)!)
            bits = String(bits.dropFirst(8))
        }
        return Self.head(2, UInt64(bytes.count)) + bytes
    }

    private func number(_ number: Double) -> [UInt8] {
        if let whole = Int64(exactly: number), !(number == 0 && number.sign == .minus) {
            return whole < 0 ? Self.head(1, UInt64(-1 - whole)) : Self.head(0, UInt64(whole))
        }
        if style == .compact {
            if Double(Float(number)) == number {
                return [0xFA] + Self.bigEndian(UInt64(Float(number).bitPattern), 4)
            }
            for places in 1...6 {
                var scaled = number
                for _ in 0..<places { scaled *= 10 }
                guard let mantissa = Int64(exactly: scaled.rounded()), abs(scaled - scaled.rounded()) < 1e-6
                else {
                    continue
                }
                return [0xC4, 0x82] + Self.head(1, UInt64(places - 1))
                    + (mantissa < 0 ? Self.head(1, UInt64(-1 - mantissa)) : Self.head(0, UInt64(mantissa)))
            }
        }
        return [0xFB] + Self.bigEndian(number.bitPattern, 8)
    }

    static func head(_ major: UInt8, _ argument: UInt64) -> [UInt8] {
        switch argument {
        case ..<24: [major << 5 | UInt8(argument)]
        case ..<0x100: [major << 5 | 24] + bigEndian(argument, 1)
        case ..<0x1_0000: [major << 5 | 25] + bigEndian(argument, 2)
        case ..<0x1_0000_0000: [major << 5 | 26] + bigEndian(argument, 4)
        default: [major << 5 | 27] + bigEndian(argument, 8)
        }
    }

    private static func bigEndian(_ number: UInt64, _ count: Int) -> [UInt8] {
        (0..<count).reversed().map { UInt8(truncatingIfNeeded: number >> (8 * UInt64($0))) }
    }
}
