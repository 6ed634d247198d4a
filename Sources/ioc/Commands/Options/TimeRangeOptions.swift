import ArgumentParser
import Telemetry

/// `[from, to)` of what is looked at.
struct TimeRangeOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: "From this moment on: \(TimeArgument.forms). (default: a day before --to)")
    var from: String?

    @Option(parsing: .unconditional, help: "Up to this moment, which is not included. (default: now)")
    var to: String?

    /// - Throws: `ValidationError`.
    func range(now: Milliseconds, zone: ZoneOffsets) throws -> Range<Milliseconds> {
        let end = try to.map { try Self.moment($0, "--to", now, zone) } ?? now
        let begin = try from.map { try Self.moment($0, "--from", now, zone) } ?? end - Span.day
        guard begin < end else {
            let (from, to) = (zone.iso8601(begin), zone.iso8601(end))
            throw UsageFault.of(
                vi: "--from \(from) không trước --to \(to); hãy đổi chỗ, hoặc đặt --to muộn hơn",
                en: "--from \(from) is not before --to \(to); swap them, or set --to later")
        }
        return begin..<end
    }

    private static func moment(_ text: String, _ flag: String, _ now: Milliseconds, _ zone: ZoneOffsets)
        throws
        -> Milliseconds
    {
        guard let time = TimeArgument.parse(text, now: now, zone: zone) else {
            throw UsageFault.noTime(flag, text)
        }
        return time
    }
}
