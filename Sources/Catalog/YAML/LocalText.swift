import Telemetry

/// Local dates and times as people write them into files.
enum LocalText {
    /// `07:30` as minutes since midnight, up to `24:00`.
    static func minuteOfDay(_ text: Substring) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let hour = number(parts[0], digits: 2),
            let minute = number(parts[1], digits: 2),
            minute < 60, hour * 60 + minute <= 24 * 60
        else { return nil }
        return hour * 60 + minute
    }

    /// `2026-01-05` as local milliseconds of its midnight, as if UTC.
    static func day(_ text: Substring) -> Milliseconds? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, let year = number(parts[0], digits: 4), (1900..<3000).contains(year),
            let month = number(parts[1], digits: 2),
            let day = number(parts[2], digits: 2)
        else { return nil }
        return Civil.milliseconds(year: year, month: month, day: day)
    }

    /// `2026-01-05T08:00` as local milliseconds, as if UTC.
    static func moment(_ text: String) -> Milliseconds? {
        let parts = text.split(separator: "T", omittingEmptySubsequences: false)
        guard parts.count == 2, let day = day(parts[0]), let minute = minuteOfDay(parts[1]), minute < 24 * 60
        else {
            return nil
        }
        return day + Milliseconds(minute) * Span.minute
    }

    private static let weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

    /// The ends of `mon-fri`, or the one day of `mon`: `1` Monday … `7` Sunday.
    static func weekdays(_ text: String) -> [Int]? {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count <= 2 else { return nil }
        let found = ends.compactMap { name in weekdays.firstIndex { $0 == name }.map { $0 + 1 } }
        return found.count == ends.count ? found : nil
    }

    private static func number(_ text: Substring, digits: Int) -> Int? {
        text.count == digits && text.allSatisfy { $0.isASCII && $0.isNumber } ? Int(text) : nil
    }
}
