/// The closed windows of one series inside a sliding one, ascending.
struct SlidingWindow: Sendable {
    /// Plain bytes: what few rules ask for beside the sums lies apart.
    struct Part: BitwiseCopyable, Sendable {
        var start: Milliseconds
        var sum: Accumulator
    }

    private var parts: [Part] = []
    /// One for each part; empty if no rule asks for them.
    private var details: [RollupDetail] = []

    var newest: Milliseconds? { parts.last?.start }

    /// Readings in it.
    var count: Int64 { parts.reduce(0) { $0 + $1.sum.count } }

    /// Adds a closed window, or a late part of one; what is too old for `length` falls out.
    mutating func add(_ rollup: Rollup, length: Milliseconds, keepsDetail: Bool) {
        var position = parts.endIndex
        while position > 0, parts[position - 1].start >= rollup.start { position -= 1 }
        if position < parts.endIndex, parts[position].start == rollup.start {
            parts[position].sum.merge(rollup.accumulator)
            if keepsDetail { details[position].merge(rollup.detail) }
        } else {
            parts.insert(Part(start: rollup.start, sum: rollup.accumulator), at: position)
            if keepsDetail { details.insert(rollup.detail, at: position) }
        }
        let oldest = parts.last!.start - length
        guard parts[0].start <= oldest else { return }
        let past = parts.firstIndex { $0.start > oldest } ?? parts.endIndex
        parts.removeFirst(past)
        if keepsDetail { details.removeFirst(past) }
    }

    /// nil if there is none.
    /// - Parameter baseline: of the same series, where the figure is a deviation.
    func value(_ window: AlertWindow, zone: ZoneOffsets, baseline: HourlyBaseline? = nil) -> Double? {
        if case .pace(let pace) = window.figure { return pace.projection(parts, zone) }
        guard let last = parts.last else { return nil }
        var sum = Accumulator()
        for part in parts { sum.merge(part.sum) }
        switch window.figure {
        case .statistic(let statistic):
            let detail = statistic.quantile == nil ? .none : detail()
            return statistic.value(of: sum, detail)
        case .flatness:
            guard sum.count > 2, (sum.lastTime - sum.firstTime) * 2 >= window.length else { return nil }
            return sum.maximum - sum.minimum
        case .hours(let level, let isRising): return hours(until: level, isRising: isRising, sum.last)
        case .deviation(let wanted):
            let end = last.start + window.tier.length
            return sum.mean.flatMap { baseline?.deviation(of: $0, endingAt: end, wanted) }
        case .pace: return nil
        }
    }

    private func detail() -> RollupDetail {
        var whole = RollupDetail.none
        for detail in details { whole.merge(detail) }
        return whole
    }

    /// The figure as it is now known of the window that ended at `end`, of what is left of it; nil if there is nothing.
    func value(_ window: AlertWindow, endingAt end: Milliseconds, zone: ZoneOffsets) -> Double? {
        var past = SlidingWindow()
        for (index, part) in parts.enumerated() where part.start < end && part.start >= end - window.length {
            past.parts.append(part)
            if !details.isEmpty { past.details.append(details[index]) }
        }
        guard past.newest == end - window.tier.length else { return nil }
        return past.value(window, zone: zone)
    }

    /// By the least squares line through the means of the parts; nil with fewer than three, for some may be missing.
    private func hours(until level: Double, isRising: Bool, _ last: Double) -> Double? {
        if isRising ? last >= level : last <= level { return 0 }
        let points = parts.compactMap { part in
            part.sum.mean.map { (hour: Double(part.start) / Double(Span.hour), value: $0) }
        }
        guard points.count > 2 else { return nil }
        let hour = points.reduce(0) { $0 + $1.hour } / Double(points.count)
        let value = points.reduce(0) { $0 + $1.value } / Double(points.count)
        var (covariance, variance) = (0.0, 0.0)
        for point in points {
            covariance += (point.hour - hour) * (point.value - value)
            variance += (point.hour - hour) * (point.hour - hour)
        }
        let slope = covariance / variance
        guard isRising ? slope > 0 : slope < 0 else { return AlertFigure.farthest }
        return min((level - last) / slope, AlertFigure.farthest)
    }
}
