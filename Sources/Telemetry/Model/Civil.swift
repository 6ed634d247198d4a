/// Dates of the proleptic Gregorian calendar as day numbers, without a clock, a locale or an allocation.
///
/// Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `days_from_civil` and `civil_from_days`.
package enum Civil {
    /// The end of 9999, the last moment that dates can be written of. Later ones are slips of the pen, and sums with them would overflow.
    private static let latest: Milliseconds = 253_402_300_799_999

    /// Unix milliseconds as people write them: digits alone, up to `latest`; nil for anything else.
    package static func unix(_ text: String) -> Milliseconds? {
        guard text.utf8.allSatisfy({ (48...57).contains($0) }), let time = Milliseconds(text) else {
            return nil
        }
        return time <= latest ? time : nil
    }

    /// Days since 1970-01-01.
    package static func days(year: Int, month: Int, day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    package static func date(days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthIndex = (5 * dayOfYear + 2) / 153
        let month = monthIndex + (monthIndex < 10 ? 3 : -9)
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * monthIndex + 2) / 5 + 1)
    }

    package static func daysInMonth(year: Int, month: Int) -> Int {
        switch month {
        case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// `1` Monday … `7` Sunday.
    package static func weekday(days: Int) -> Int { (days % 7 + 7 + 3) % 7 + 1 }

    /// Milliseconds of a civil date and time as if it were UTC; nil if there is no such date or time.
    package static func milliseconds(
        year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0, millisecond: Int = 0
    ) -> Milliseconds? {
        guard (1...12).contains(month), day >= 1, day <= daysInMonth(year: year, month: month),
            (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second)
        else { return nil }
        let seconds =
            Int64(days(year: year, month: month, day: day)) * 86_400
            + Int64(hour * 3_600 + minute * 60 + second)
        return seconds * 1_000 + Int64(millisecond)
    }

    /// `2026-01-05T08:02:03.000` of a time taken as UTC, with `suffix` behind it.
    package static func iso8601(_ time: Milliseconds, suffix: String = "Z", separator: Character = "T")
        -> String
    {
        let (day, rest) = time.floorDivided(by: Span.day)
        let date = date(days: Int(day))
        let second = rest / 1_000
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let milliseconds = rest % 1_000
        let fraction = milliseconds == 0 ? "" : "." + String(1_000 + milliseconds).dropFirst()
        let year = String(10_000 + date.year).dropFirst()
        return "\(year)-\(two(Int64(date.month)))-\(two(Int64(date.day)))\(separator)"
            + "\(two(second / 3_600)):\(two(second / 60 % 60)):\(two(second % 60))\(fraction)\(suffix)"
    }
}

extension Int64 {
    /// Quotient rounded towards minus infinity, and the remainder, which is never negative.
    @inlinable package func floorDivided(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
