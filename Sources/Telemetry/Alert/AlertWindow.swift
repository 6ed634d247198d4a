/// Figure of a window that a rule looks at.
package enum Statistic: String, Sendable, CaseIterable {
    case mean, min, max, sum, count, last
    /// Largest less smallest.
    case range
    /// Last less first.
    case change
    /// Change per hour, between the first and the last reading.
    case rate
    case p50, p85, p95

    /// Which quantile it is, nil if it is none. Only measurements that keep quantiles have it.
    package var quantile: Double? {
        switch self {
        case .p50: 0.5
        case .p85: 0.85
        case .p95: 0.95
        default: nil
        }
    }

    /// nil if the window has no such figure.
    func value(of window: Accumulator, _ detail: RollupDetail) -> Double? {
        guard !window.isEmpty else { return nil }
        switch self {
        case .mean: return window.mean
        case .min: return window.minimum
        case .max: return window.maximum
        case .sum: return window.sum
        case .count: return Double(window.count)
        case .last: return window.last
        case .range: return window.maximum - window.minimum
        case .change: return window.firstTime < window.lastTime ? window.last - window.first : nil
        case .rate:
            guard window.firstTime < window.lastTime else { return nil }
            return (window.last - window.first) * Double(Span.hour)
                / Double(window.lastTime - window.firstTime)
        case .p50, .p85, .p95:
            guard case .quantiles(let sketch) = detail, let quantile else { return nil }
            return sketch.value(at: quantile)
        }
    }
}

/// What a rule makes of a sliding window.
package enum AlertFigure: Sendable, Equatable {
    case statistic(Statistic)
    /// The range, where the readings span at least half of the window: two of one second are no flat line.
    case flatness
    /// Hours until the line through the window reaches a level, 0 once it is past it.
    case hours(until: Double, isRising: Bool)
    /// How many spreads it lies from the same hour of past weeks.
    case deviation(AlertBaseline)
    /// Where the present period ends if it goes on like this.
    case pace(AlertPace)

    /// A line that does not get there within a year does not get there.
    package static let farthest = 8_760.0
}

/// A sliding window made of the closed windows of one tier.
package struct AlertWindow: Sendable, Equatable {
    package var length: Milliseconds
    package var figure: AlertFigure
    package var tier: Tier

    /// A line through fewer parts is none.
    package static let fewestPoints: Int64 = 4

    /// nil if `length` is not a whole number of minutes up to a day, or has too few of them for a line.
    package init?(length: Milliseconds, figure: AlertFigure) {
        var parts: Int64 = 1
        if case .hours = figure { parts = Self.fewestPoints }
        let fitting = [Tier.hour, .quarterHour, .minute].first {
            length % $0.length == 0 && length / $0.length >= parts
        }
        guard length > 0, length <= Span.day, let fitting else { return nil }
        self.length = length
        self.figure = figure
        tier = fitting
    }

    /// Of the days of a period.
    package init(_ pace: AlertPace) {
        length = 366 * Span.day
        figure = .pace(pace)
        tier = .day
    }

    package init?(length: Milliseconds, statistic: Statistic) {
        self.init(length: length, figure: .statistic(statistic))
    }
}
