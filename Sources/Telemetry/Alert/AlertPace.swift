/// Where a month, a quarter or a year ends if it goes on as it began: for targets that are due at its end.
package struct AlertPace: Sendable, Equatable {
    package enum Period: String, Sendable, CaseIterable {
        case month, quarter, year

        fileprivate var months: Int {
            switch self {
            case .month: 1
            case .quarter: 3
            case .year: 12
            }
        }
    }

    package enum Figure: String, Sendable, CaseIterable {
        /// What adds up: the sum so far, and as much a day until the end.
        case sum
        /// A level: the line from its first value to its newest, drawn on to the end.
        case last
        /// What is the mean so far is the mean at the end.
        case mean
    }

    package var period: Period
    package var figure: Figure
    /// In the first part of a period nothing follows from so few days.
    package static let leastElapsed = 0.1

    package init(period: Period, figure: Figure) {
        self.period = period
        self.figure = figure
    }

    /// Begin of the period that holds `time`, and of the next, at local midnight.
    package func bounds(at time: Milliseconds, in zone: ZoneOffsets) -> Range<Milliseconds> {
        let local = time + zone.offset(at: time)
        let date = Civil.date(days: Int(local.floorDivided(by: Span.day).quotient))
        let first = (date.month - 1) / period.months * period.months
        func start(_ month: Int) -> Milliseconds {
            let day = Civil.days(year: date.year + month / 12, month: month % 12 + 1, day: 1)
            return zone.utc(fromLocal: Milliseconds(day) * Span.day)
        }
        return start(first)..<start(first + period.months)
    }

    /// - Parameter days: closed days.
    /// - Returns: nil in the first tenth of the period, and without a day of it.
    func projection(_ days: SlidingWindow, _ zone: ZoneOffsets) -> Double? {
        guard let newest = days.newest else { return nil }
        let bounds = bounds(at: newest, in: zone)
        let sum = days.sum(from: bounds.lowerBound)
        let end = Tier.day.end(of: newest, in: zone)
        let elapsed =
            Double(end - bounds.lowerBound) / Double(bounds.upperBound - bounds.lowerBound)
        guard elapsed >= Self.leastElapsed, !sum.isEmpty else { return nil }
        switch figure {
        case .sum: return sum.sum / elapsed
        case .mean: return sum.mean
        case .last:
            guard sum.firstTime < sum.lastTime else { return sum.last }
            let slope = (sum.last - sum.first) / Double(sum.lastTime - sum.firstTime)
            return sum.last + slope * Double(bounds.upperBound - sum.lastTime)
        }
    }
}
