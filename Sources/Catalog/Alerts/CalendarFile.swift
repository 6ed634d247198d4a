import Telemetry

/// Reads `config/calendars.yaml`, which need not be there.
struct CalendarFile {
    let zone: ZoneOffsets

    func read(_ root: YAMLValue) -> AlertTimes {
        var calendars: [AlertCalendar] = []
        var exceptions: [YAMLValue] = []
        var regimes: [AlertRegime] = []
        _ = root.mapping { file in
            let entries = file.optional("calendars")?.entries() ?? []
            let names = Set(entries.map(\.text))
            for entry in entries {
                check(entry.key, entry.text)
                let (calendar, except) = calendar(entry.text, entry.value, names)
                calendars.append(calendar)
                exceptions += except
            }
            for exception in exceptions { check(exception, among: calendars) }
            for entry in file.optional("regimes")?.entries() ?? [] {
                check(entry.key, entry.text)
                if names.contains(entry.text) { entry.key.fault("`\(entry.text)` is a calendar already") }
                guard let title = entry.value.title() else { continue }
                regimes.append(AlertRegime(name: entry.text, title: title))
            }
        }
        return AlertTimes(zone: zone, calendars: calendars, regimes: regimes)
    }

    private func check(_ key: YAMLValue, _ name: String) {
        if !Identifier.isFileName(name) {
            key.fault("expected a name of small letters, digits and hyphens, found \"\(name)\"")
        }
    }

    /// Whole days are left out: of a calendar of hours that would be every day, and one that leaves out itself has no end.
    private func check(_ exception: YAMLValue, among calendars: [AlertCalendar]) {
        guard let found = calendars.first(where: { $0.name == exception.text() }) else { return }
        if !found.hours.isEmpty {
            exception.fault("`\(found.name)` has `times`, and only whole days can be left out")
        } else if !found.except.isEmpty {
            exception.fault(
                "`\(found.name)` has an `except` itself, which calendars that are left out may not have")
        }
    }

    private func calendar(_ name: String, _ value: YAMLValue, _ names: Set<String>) -> (
        AlertCalendar, except: [YAMLValue]
    ) {
        var calendar = AlertCalendar(name: name)
        var exceptions: [YAMLValue] = []
        _ = value.mapping { mapping in
            calendar.weekdays = Set(
                (mapping.optional("days")?.list() ?? []).compactMap { $0.weekdays() }.joined())
            calendar.hours = (mapping.optional("times")?.list() ?? []).compactMap(hours)
            calendar.dates = (mapping.optional("dates")?.list() ?? []).compactMap(dates)
            for other in mapping.optional("except")?.list() ?? [] {
                guard let text = other.text() else { continue }
                guard text != name, names.contains(text) else {
                    let others = names.subtracting([name]).sorted()
                    other.fault("there is no other calendar `\(text)`\(Spelling.hint(text, others))")
                    continue
                }
                calendar.except.append(text)
                exceptions.append(other)
            }
            if ["days", "times", "dates"].allSatisfy({ mapping.optional($0) == nil }) {
                value.fault("expected `days`, `times` or `dates`: without one it is always")
            }
        }
        return (calendar, exceptions)
    }

    /// `07:00-11:30`, or `22:00-05:00` into the next day.
    private func hours(_ value: YAMLValue) -> DayHours? {
        guard let text = value.verbatim() else { return nil }
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map(LocalText.minuteOfDay)
        guard ends.count == 2, let from = ends[0], let to = ends[1], from != to, from < 24 * 60 else {
            return value.expected("times of day like \"07:00-11:30\"")
        }
        return DayHours(start: from, end: to)
    }

    /// `2026-02-17`, `2026-02-14..2026-02-22`, and of every year `09-02` or `04-30..05-01`.
    private func dates(_ value: YAMLValue) -> AlertCalendar.Dates? {
        guard let text = value.verbatim() else { return nil }
        let ends = text.split(separator: ".", omittingEmptySubsequences: false).filter { !$0.isEmpty }
        guard let first = ends.first, let last = ends.last, ends.count <= 2,
            ends.count == 1 ? text == first : text == "\(first)..\(last)"
        else { return wrongDate(value) }
        if let from = LocalText.day(first), let to = LocalText.day(last), from <= to {
            return .days(Int(from / Span.day)...Int(to / Span.day))
        }
        if LocalText.day(first) != nil, LocalText.day(last) != nil {
            value.fault("\"\(text)\" ends before it begins")
            return nil
        }
        // A year with a 29 February.
        guard let from = LocalText.day("2024-" + first), let to = LocalText.day("2024-" + last) else {
            return wrongDate(value)
        }
        func number(_ time: Milliseconds) -> Int {
            let date = Civil.date(days: Int(time / Span.day))
            return date.month * 100 + date.day
        }
        return .yearly(from: number(from), to: number(to))
    }

    private func wrongDate(_ value: YAMLValue) -> AlertCalendar.Dates? {
        value.expected(
            "a date like 2026-02-17, 2026-02-14..2026-02-22, or of every year 09-02 or 04-30..05-01")
    }
}
