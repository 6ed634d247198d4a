import Testing

@testable import Telemetry

@Suite("Times in payloads")
struct TimeFormatTests {
    private let expected: Milliseconds = 1_767_574_923_000

    private func text(_ format: TimeFormat, _ text: String) -> Milliseconds? {
        var text = text
        return text.withUTF8 { format.milliseconds(text: $0) }
    }

    @Test("counts since 1970 in four units, as numbers and in quotes")
    func unix() {
        #expect(TimeFormat.unixSeconds.milliseconds(number: 1_767_574_923.25) == expected + 250)
        #expect(TimeFormat.unixMilliseconds.milliseconds(number: 1_767_574_923_000) == expected)
        #expect(TimeFormat.unixMicroseconds.milliseconds(number: 1_767_574_923_000_400) == expected)
        #expect(TimeFormat.unixNanoseconds.milliseconds(number: 1_767_574_923_000_000_000) == expected)
        #expect(text(.unixNanoseconds, "1767574923000000000") == expected)
        #expect(text(.unixSeconds, "soon") == nil)
        #expect(TimeFormat.iso8601.milliseconds(number: 1) == nil)
    }

    @Test(
        "ISO 8601 with a zone, in the spellings devices use",
        arguments: [
            "2026-01-05T01:02:03Z", "2026-01-05T08:02:03+07:00", "2026-01-05 08:02:03+0700",
            "2026-01-04t20:02:03.000-05:00",
            "2026-01-05T01:02:03.000000000z",
        ])
    func iso(_ spelling: String) { #expect(text(.iso8601, spelling) == expected) }

    @Test(
        "ISO 8601 without a zone or with no such time is no time",
        arguments: [
            "2026-01-05T01:02:03", "2026-02-30T01:02:03Z", "2026-13-05T01:02:03Z", "2026-01-05T25:02:03Z",
            "2026-01-05T01:02:03.Z", "2026-01-05T01:02:03+7", "2026-01-05T01:02:03Zx", "2026-01-05", "",
            "2026-01-05T01:02:03+24:00",
        ])
    func badISO(_ spelling: String) { #expect(text(.iso8601, spelling) == nil) }

    @Test("fractions are cut to milliseconds")
    func fraction() { #expect(text(.iso8601, "2026-01-05T01:02:03.98765Z") == expected + 987) }

    @Test("local times follow their pattern to the letter and mean the zone's clock")
    func local() throws {
        let zone = ZoneOffsets(name: "Asia/Ho_Chi_Minh", fixedOffset: 7 * Span.hour)
        let pattern = try #require(LocalTimePattern("HH:mm:ss dd/MM/yyyy"))
        #expect(text(.local(pattern, zone), "08:02:03 05/01/2026") == expected)
        #expect(text(.local(pattern, zone), "8:02:03 05/01/2026") == nil)
        #expect(text(.local(pattern, zone), "08:02:03 05-01-2026") == nil)
        #expect(text(.local(pattern, zone), "08:02:03 31/02/2026") == nil)
        #expect(text(.local(.standard, zone), "2026-01-05 08:02:03") == expected)
        #expect(LocalTimePattern("dd/MM HH:mm") == nil)
    }

    @Test(
        "a pattern names each part once and in full: twice the digits are no year, and twenty are no number",
        arguments: [
            "yyyyyyyy-MM-dd", "yyyyyyyyyyyyyyyyyyyy-MM-dd", "yyyy-MM-dd HH HH", "yyyy-MM-dd d",
            "yyyy-MM-dd H:mm",
            "yyyy-MM-dd yyyy", "dMy yyyy-MM-dd",
        ])
    func badPattern(_ text: String) {
        #expect(LocalTimePattern(text) == nil)
    }
}
