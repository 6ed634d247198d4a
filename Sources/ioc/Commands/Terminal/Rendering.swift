import Store
import Telemetry

/// For whom and on what a text is written.
struct Rendering: Sendable {
    var language: Language
    /// Columns of the terminal; nil in a pipe.
    var width: Int?
    var paint: Paint
    var clock: LocalTime
    var now: Milliseconds

    static func standardOutput(_ language: Language, zone: ZoneOffsets, now: Milliseconds) -> Rendering {
        let terminal = Terminal.standardOutput()
        return Rendering(
            language: language, width: terminal.size?.columns, paint: terminal.paint,
            clock: LocalTime(zone: zone), now: now)
    }

    func text(_ table: Table) -> String { text(table.lines(width: width)) }

    func text(_ lines: [StyledLine]) -> String { lines.map { $0.painted(paint) + "\n" }.joined() }

    /// `08:02:03` with its age behind it is the time of a screen; lists show the day too.
    func time(_ time: Milliseconds?) -> String { time.map(clock.full) ?? "–" }

    /// What an alert says; and if its device is silent, for how long nobody has known whether it still holds.
    func summary(_ title: Title, unverifiedSince: Milliseconds?) -> String {
        guard let unverifiedSince else { return title[language] }
        let age = age(unverifiedSince)
        return language(vi: "(im lặng \(age)) ", en: "(silent for \(age)) ") + title[language]
    }

    func age(_ time: Milliseconds?) -> String { time.map { LocalTime.age(now - $0) } ?? "–" }
}
