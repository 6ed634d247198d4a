import Catalog
import Telemetry
import Testing

@Suite("Zones of the system")
struct ZoneOffsetsTests {
    @Test("the city's zone knows that it was an hour ahead before June 1975")
    func city() throws {
        let zone = try #require(ZoneOffsets(named: "Asia/Ho_Chi_Minh"))
        #expect(zone.transitions.map(\.offset) == [8 * Span.hour, 7 * Span.hour])
        #expect(zone.iso8601(1_767_574_923_000) == "2026-01-05T08:02:03+07:00")
    }

    @Test("daylight saving begins and ends to the second")
    func daylightSaving() throws {
        let zone = try #require(ZoneOffsets(named: "Europe/Berlin"))
        // 2026-03-29 01:00 and 2026-10-25 01:00 UTC.
        #expect(zone.offset(at: 1_774_746_000_000 - 1) == Span.hour)
        #expect(zone.offset(at: 1_774_746_000_000) == 2 * Span.hour)
        #expect(zone.offset(at: 1_792_890_000_000 - 1) == 2 * Span.hour)
        #expect(zone.offset(at: 1_792_890_000_000) == Span.hour)
    }

    @Test(
        "a zone nobody knows, an abbreviation and nothing are no zones",
        arguments: ["Asia/Hue", "ICT", "", "GMT+7"])
    func unknown(_ name: String) {
        #expect(ZoneOffsets(named: name) == nil)
    }

    @Test("UTC has one offset") func utc() {
        #expect(ZoneOffsets(named: "UTC")?.transitions.map(\.offset) == [0])
    }
}
