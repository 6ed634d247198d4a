/// Times that come again: some hours of some days, or dates.
package struct AlertCalendar: Sendable, Equatable {
    package enum Dates: Sendable, Equatable {
        /// Days since 1970-01-01.
        case days(ClosedRange<Int>)
        /// Month × 100 + day, of every year; from the greater to the lesser over the new year.
        case yearly(from: Int, to: Int)

        func contains(_ day: Int) -> Bool {
            switch self {
            case .days(let range): return range.contains(day)
            case .yearly(let from, let to):
                let date = Civil.date(days: day)
                let number = date.month * 100 + date.day
                return from <= to ? (from...to).contains(number) : number >= from || number <= to
            }
        }
    }

    package var name: String
    /// `1` Monday … `7` Sunday; empty for all.
    package var weekdays: Set<Int>
    /// Empty for the whole day.
    package var hours: [DayHours]
    /// Empty for all.
    package var dates: [Dates]
    /// Calendars whose days are left out.
    package var except: [String]

    package init(
        name: String, weekdays: Set<Int> = [], hours: [DayHours] = [], dates: [Dates] = [],
        except: [String] = []
    ) {
        self.name = name
        self.weekdays = weekdays
        self.hours = hours
        self.dates = dates
        self.except = except
    }
}

/// A situation that an operator switches on and off, such as a storm.
package struct AlertRegime: Sendable, Equatable {
    package var name: String
    package var title: Title

    package init(name: String, title: Title) {
        self.name = name
        self.title = title
    }
}

/// The calendars and regimes that rules name.
package struct AlertTimes: Sendable {
    package let zone: ZoneOffsets
    package let calendars: [String: AlertCalendar]
    package let regimes: [AlertRegime]

    package init(zone: ZoneOffsets, calendars: [AlertCalendar] = [], regimes: [AlertRegime] = []) {
        self.zone = zone
        self.calendars = Dictionary(calendars.map { ($0.name, $0) }) { first, _ in first }
        self.regimes = regimes
    }

    /// What rules may name.
    package var names: [String] { calendars.keys.sorted() + regimes.map(\.name) }

    /// Whether it is the time of a calendar, or a regime is among those that are on.
    package func isOn(_ name: String, at time: Milliseconds, regimes: Set<String>) -> Bool {
        guard let calendar = calendars[name] else { return regimes.contains(name) }
        let local = time + zone.offset(at: time)
        guard !calendar.hours.isEmpty else {
            return isDay(Int(local.floorDivided(by: Span.day).quotient), of: calendar)
        }
        return calendar.hours.contains { $0.day(at: local) { isDay($0, of: calendar) } != nil }
    }

    private func isDay(_ day: Int, of calendar: AlertCalendar) -> Bool {
        (calendar.weekdays.isEmpty || calendar.weekdays.contains(Civil.weekday(days: day)))
            && (calendar.dates.isEmpty || calendar.dates.contains { $0.contains(day) })
            && !calendar.except.contains { name in calendars[name].map { isDay(day, of: $0) } ?? false }
    }

    /// The first moment after `time` at which one of `names` may begin or end; `.max` if none does by the clock.
    package func nextChange(of names: [String], after time: Milliseconds) -> Milliseconds {
        let found = names.compactMap { calendars[$0] }
        guard !found.isEmpty else { return .max }
        let offset = zone.offset(at: time)
        let (day, rest) = (time + offset).floorDivided(by: Span.day)
        let next = found.flatMap(\.hours).flatMap(\.borders).filter { $0 > rest }.min() ?? Span.day
        return max(zone.utc(fromLocal: day * Span.day + next), time + 1)
    }
}
