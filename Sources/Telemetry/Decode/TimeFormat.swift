/// How a payload writes a time.
package enum TimeFormat: Sendable, Equatable {
    case unixSeconds
    case unixMilliseconds
    case unixMicroseconds
    case unixNanoseconds
    case iso8601
    /// Zone-less local time by a pattern of `y M d H m s` and literals.
    case local(LocalTimePattern, ZoneOffsets)

    /// Time of a JSON number, nil if it is not finite or beyond 64 bits.
    func milliseconds(number: Double) -> Milliseconds? {
        let scaled: Double
        switch self {
        case .unixSeconds: scaled = number * 1_000
        case .unixMilliseconds: scaled = number
        case .unixMicroseconds: scaled = number / 1_000
        case .unixNanoseconds: scaled = number / 1_000_000
        case .iso8601, .local: return nil
        }
        return Int64(exactly: scaled.rounded())
    }

    /// Time of a text, nil if it is not written as this format says.
    func milliseconds(text: UnsafeBufferPointer<UInt8>) -> Milliseconds? {
        switch self {
        case .iso8601: return ISO8601.parse(text)
        case .local(let pattern, let zone): return pattern.parse(text).map(zone.utc(fromLocal:))
        default:
            guard let number = NumberScanner.parse(text) else { return nil }
            return milliseconds(number: number)
        }
    }
}

/// Which end of an interval `start/end` (ISO 8601-1 section 5.5.2.2) is a reading's time. A moment alone is both.
package enum IntervalEdge: String, Sendable, CaseIterable, BitwiseCopyable {
    case start, end

    /// nil unless both ends are written as `format` says, the first not after the second.
    func milliseconds(_ text: UnsafeBufferPointer<UInt8>, _ format: TimeFormat) -> Milliseconds? {
        guard let slash = text.firstIndex(of: UInt8(ascii: "/")) else {
            return format.milliseconds(text: text)
        }
        guard let start = format.milliseconds(text: UnsafeBufferPointer(rebasing: text[..<slash])),
            let end = format.milliseconds(text: UnsafeBufferPointer(rebasing: text[(slash + 1)...])),
            start <= end
        else { return nil }
        return self == .start ? start : end
    }
}

/// Positions of year … second in a fixed-width local time such as `dd/MM/yyyy HH:mm:ss`.
package struct LocalTimePattern: Sendable, Equatable {
    package let text: String
    private let bytes: [UInt8]

    /// nil unless the pattern has `yyyy`, `MM` and `dd`, and each part once: more digits would run together.
    package init?(_ text: String) {
        for part in ["yyyy", "MM", "dd", "HH", "mm", "ss"] {
            let letters = text.utf8.count { $0 == part.utf8.first }
            let isOptional = part == "HH" || part == "mm" || part == "ss"
            if letters == 0, isOptional { continue }
            guard letters == part.utf8.count, text.contains(part) else { return nil }
        }
        self.text = text
        bytes = Array(text.utf8)
    }

    package static let standard = LocalTimePattern("yyyy-MM-dd HH:mm:ss")!

    /// Local milliseconds as if UTC.
    package func parse(_ text: UnsafeBufferPointer<UInt8>) -> Milliseconds? {
        guard text.count == bytes.count else { return nil }
        var (year, month, day, hour, minute, second) = (0, 0, 0, 0, 0, 0)
        for (letter, byte) in zip(bytes, text) {
            let digit = Int(byte) - 48
            switch letter {
            case UInt8(ascii: "y"), UInt8(ascii: "M"), UInt8(ascii: "d"), UInt8(ascii: "H"),
                UInt8(ascii: "m"),
                UInt8(ascii: "s"):
                guard (0...9).contains(digit) else { return nil }
                switch letter {
                case UInt8(ascii: "y"): year = year * 10 + digit
                case UInt8(ascii: "M"): month = month * 10 + digit
                case UInt8(ascii: "d"): day = day * 10 + digit
                case UInt8(ascii: "H"): hour = hour * 10 + digit
                case UInt8(ascii: "m"): minute = minute * 10 + digit
                default: second = second * 10 + digit
                }
            default: guard byte == letter else { return nil }
            }
        }
        return Civil.milliseconds(
            year: year, month: month, day: day, hour: hour, minute: minute, second: second)
    }
}

/// RFC 3339 profile of ISO 8601: `2026-01-05T01:02:03.5Z`, `2026-01-05 08:02:03+07:00`, `+0700`. A zone is required.
package enum ISO8601 {
    package static func parse(_ text: UnsafeBufferPointer<UInt8>) -> Milliseconds? {
        guard text.count >= 20 else { return nil }
        guard let year = digits(text, 0, 4), text[4] == UInt8(ascii: "-"), let month = digits(text, 5, 2),
            text[7] == UInt8(ascii: "-"), let day = digits(text, 8, 2),
            text[10] == UInt8(ascii: "T") || text[10] == UInt8(ascii: " ") || text[10] == UInt8(ascii: "t"),
            let hour = digits(text, 11, 2), text[13] == UInt8(ascii: ":"), let minute = digits(text, 14, 2),
            text[16] == UInt8(ascii: ":"), let second = digits(text, 17, 2)
        else { return nil }
        var at = 19
        var fraction = 0
        if text[at] == UInt8(ascii: ".") {
            at += 1
            var scale = 100
            let first = at
            while at < text.count, (48...57).contains(text[at]) {
                fraction += (Int(text[at]) - 48) * scale
                scale /= 10
                at += 1
            }
            guard at > first else { return nil }
        }
        guard let offset = zone(text, at),
            let local = Civil.milliseconds(
                year: year, month: month, day: day, hour: hour, minute: minute, second: second,
                millisecond: fraction)
        else { return nil }
        return local - offset
    }

    package static func parse(_ text: String) -> Milliseconds? {
        var text = text
        return text.withUTF8 { parse($0) }
    }

    private static func zone(_ text: UnsafeBufferPointer<UInt8>, _ at: Int) -> Milliseconds? {
        guard at < text.count else { return nil }
        if text[at] == UInt8(ascii: "Z") || text[at] == UInt8(ascii: "z") {
            return at + 1 == text.count ? 0 : nil
        }
        guard text[at] == UInt8(ascii: "+") || text[at] == UInt8(ascii: "-") else { return nil }
        let colon = at + 3 < text.count && text[at + 3] == UInt8(ascii: ":") ? 1 : 0
        guard text.count == at + 5 + colon, let hours = digits(text, at + 1, 2),
            let minutes = digits(text, at + 3 + colon, 2), hours <= 23, minutes <= 59
        else { return nil }
        let offset = Int64(hours * 60 + minutes) * Span.minute
        return text[at] == UInt8(ascii: "-") ? -offset : offset
    }

    private static func digits(_ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ count: Int) -> Int? {
        guard start + count <= text.count else { return nil }
        var value = 0
        for index in start..<start + count {
            let digit = Int(text[index]) - 48
            guard (0...9).contains(digit) else { return nil }
            value = value * 10 + digit
        }
        return value
    }
}
