import ArgumentParser
import Telemetry
import Testing

@testable import ioc

@Suite("Times on the command line")
struct CommandsTimeTests {
    private let zone = CommandsFilledStore.zone
    private let now = CommandsFilledStore.now

    @Test(
        "a moment can be written in many ways",
        arguments: [
            ("2026-01-05", 1_767_546_000_000), ("2026-01-05T08:02", 1_767_574_920_000),
            ("2026-01-05 08:02:03", 1_767_574_923_000), ("2026-01-05T08:02:03+07:00", 1_767_574_923_000),
            ("2026-01-05T01:02:03Z", 1_767_574_923_000), ("2026-01-05T08:02+07:00", 1_767_574_920_000),
            ("2026-01-05T01:02Z", 1_767_574_920_000), ("1767574923000", 1_767_574_923_000),
            ("now", 1_767_574_923_000),
            ("-1h", 1_767_571_323_000), ("-90s", 1_767_574_833_000), ("-2d", 1_767_402_123_000),
        ] as [(String, Int64)])
    func forms(text: String, wanted: Int64) {
        #expect(TimeArgument.parse(text, now: now, zone: zone) == wanted)
    }

    @Test(
        "what is no moment is refused",
        arguments: [
            "", "yesterday", "2026-1-5", "2026-02-30", "2026-01-05T25:00", "2026-01-05T8:00", "05/01/2026",
            "-1", "--1h", "1h",
            "2026-01-05T", "2026-01-05T08:00:00.5", "2026-01-05T08:00+7", "99999999999999999999",
            "253402300800000", "9223372036854775807", "-60000000000d",
            "２０２６-01-05",
        ])
    func refused(text: String) { #expect(TimeArgument.parse(text, now: now, zone: zone) == nil) }

    @Test("a day of the city has its own midnight, also where clocks are set")
    func zones() {
        // Offset +1 h until 2026-03-29 01:00 UTC, then +2 h.
        let zone = ZoneOffsets(
            name: "x",
            transitions: [
                .init(from: .min, offset: Span.hour), .init(from: 1_774_746_000_000, offset: 2 * Span.hour),
            ])
        #expect(TimeArgument.parse("2026-03-29", now: now, zone: zone) == 1_774_738_800_000)
        #expect(TimeArgument.parse("2026-03-30", now: now, zone: zone) == 1_774_738_800_000 + 23 * Span.hour)
    }

    @Test(
        "how long a trial or a simulation goes on is a time that there is",
        arguments: ["inf", "nan", "1e17", "0"])
    func lengths(text: String) {
        #expect(throws: (any Error).self) { try DevicesTryCommand.parse(["a/b", "--seconds", text]) }
        #expect(throws: (any Error).self) {
            try SimulateCommand.parse(["--broker", "127.0.0.1:1883", "--duration", text])
        }
    }

    @Test("a trial of a day is the longest")
    func longestTrial() throws {
        #expect(try DevicesTryCommand.parse(["a/b", "--seconds", "86400"]).seconds == 86_400)
        #expect(throws: (any Error).self) { try DevicesTryCommand.parse(["a/b", "--seconds", "86401"]) }
    }

    @Test("without times it is the last day, and a span before now may begin with a dash")
    func ranges() throws {
        func range(_ arguments: String...) throws -> Range<Milliseconds> {
            try TimeRangeOptions.parse(arguments).range(now: now, zone: zone)
        }
        #expect(try range() == now - Span.day..<now)
        #expect(try range("--from", "-1h") == now - Span.hour..<now)
        #expect(try range("--to", "2026-01-05") == 1_767_546_000_000 - Span.day..<1_767_546_000_000)
        #expect(throws: ValidationError.self) { try range("--from", "soon") }
        #expect(throws: ValidationError.self) { try range("--from", "2026-01-05", "--to", "2026-01-04") }
    }
}
