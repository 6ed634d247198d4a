import Telemetry

/// A moment as people write it on a command line.
enum TimeArgument {
    /// What `--from` and `--to` take, for help texts.
    static let forms =
        "2026-01-05, 2026-01-05T08:00 (the city's clock), 2026-01-05T08:00:00+07:00, Unix ms, now, or -1h"

    static let formsInVietnamese =
        "2026-01-05, 2026-01-05T08:00 (giờ thành phố), 2026-01-05T08:00:00+07:00, mili giây Unix, now, hoặc -1h"

    /// - Returns: nil if `text` is none of the forms.
    static func parse(_ text: String, now: Milliseconds, zone: ZoneOffsets) -> Milliseconds? {
        if text == "now" { return now }
        if let time = Civil.unix(text) { return time }
        if text.hasPrefix("-") { return Span.parse(String(text.dropFirst())).map { now - $0 } }
        return ISO8601.parse(withSeconds(text)) ?? local(text).map(zone.utc(fromLocal:))
    }

    /// `2026-01-05T08:00+07:00` with the seconds that ISO 8601 allows to leave out.
    private static func withSeconds(_ text: String) -> String {
        let bytes = Array(text.utf8)
        guard bytes.count > 16, bytes[16] != UInt8(ascii: ":") else { return text }
        return String(decoding: bytes[..<16] + Array(":00".utf8) + bytes[16...], as: UTF8.self)
    }

    /// `2026-01-05`, `2026-01-05T08:00`, `2026-01-05 08:00:00`, as milliseconds as if UTC.
    private static func local(_ text: String) -> Milliseconds? {
        var date = text[...]
        var clock = Substring("00:00")
        if let gap = text.firstIndex(where: { $0 == "T" || $0 == " " }) {
            date = text[..<gap]
            clock = text[text.index(after: gap)...]
        }
        guard let day = numbers(date, separator: "-", widths: [4, 2, 2]),
            let time = numbers(clock, separator: ":", widths: clock.utf8.count > 5 ? [2, 2, 2] : [2, 2])
        else { return nil }
        return Civil.milliseconds(
            year: day[0], month: day[1], day: day[2], hour: time[0], minute: time[1],
            second: time.count > 2 ? time[2] : 0)
    }

    private static func numbers(_ text: Substring, separator: Character, widths: [Int]) -> [Int]? {
        let parts = text.split(separator: separator, omittingEmptySubsequences: false)
        guard parts.map(\.utf8.count) == widths else { return nil }
        let numbers = parts.compactMap { part in
            part.utf8.allSatisfy { (48...57).contains($0) } ? Int(part) : nil
        }
        return numbers.count == widths.count ? numbers : nil
    }
}
