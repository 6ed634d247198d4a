internal import CPrefetch

/// The closed windows of one series inside a sliding one, ascending.
struct SlidingWindow: Sendable {
    /// Plain bytes, 64 each: of a city's rules they lie in no cache.
    private var parts: [WindowSums] = []
    /// One for each part; empty as long as none needs more than its sums.
    private var extras: [WindowExtras] = []

    var newest: Milliseconds? { parts.last?.start }

    /// Readings in it.
    var count: Int64 { parts.reduce(0) { $0 + Int64($1.count) } }

    /// Asks for the memory that the next part changes, of five parts. To look how many there are would be to wait.
    @inline(__always)
    func expect() {
        parts.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return }
            // What an array knows of itself lies before its elements.
            for offset in stride(from: -16, to: 5 * 64, by: 64) { prefetch_for_writing(start + offset) }
        }
    }

    /// Adds a closed window, or a late part of one; what is too old for `length` falls out.
    mutating func add(_ rollup: Rollup, length: Milliseconds, keepsDetail: Bool) {
        let end = max(newest ?? .min, rollup.start)
        guard rollup.start > end - length else { return }
        let past = parts.prefix { $0.start <= end - length }.count
        if past > 0 {
            parts.removeFirst(past)
            if !extras.isEmpty { extras.removeFirst(past) }
        }
        var position = parts.endIndex
        while position > 0, parts[position - 1].start >= rollup.start { position -= 1 }
        let more = Self.extras(of: rollup, keepsDetail: keepsDetail)
        if more != nil, extras.isEmpty { extras = parts.map { WindowExtras(of: $0) } }
        if position < parts.endIndex, parts[position].start == rollup.start {
            guard !rollup.sums.isEmpty else { return }
            parts[position].merge(rollup.sums)
            if !extras.isEmpty { extras[position].merge(more ?? WindowExtras(of: rollup.sums)) }
        } else {
            parts.insert(rollup.sums, at: position)
            if more != nil || !extras.isEmpty {
                extras.insert(more ?? WindowExtras(of: rollup.sums), at: position)
            }
        }
    }

    /// What is kept of a window beside its sums: nearly always nothing.
    private static func extras(of rollup: Rollup, keepsDetail: Bool) -> WindowExtras? {
        guard let extras = rollup.extras else { return nil }
        if keepsDetail { return extras }
        guard extras.weight != Double(rollup.sums.count) else { return nil }
        return WindowExtras(weight: extras.weight, detail: .none)
    }

    /// All parts that begin at `start` or later, in one.
    func sum(from start: Milliseconds = .min) -> Accumulator {
        var sum = Accumulator()
        for index in parts.indices where parts[index].start >= start { sum.merge(accumulator(at: index)) }
        return sum
    }

    private func accumulator(at index: Int) -> Accumulator {
        parts[index].accumulator(weight: extras.isEmpty ? nil : extras[index].weight)
    }

    /// nil if there is none.
    /// - Parameter baseline: of the same series, where the figure is a deviation.
    func value(_ window: AlertWindow, zone: ZoneOffsets, baseline: HourlyBaseline? = nil) -> Double? {
        if case .pace(let pace) = window.figure { return pace.projection(self, zone) }
        guard let newest else { return nil }
        let sum = sum()
        switch window.figure {
        case .statistic(let statistic):
            let detail = statistic.quantile == nil ? .none : detail()
            return statistic.value(of: sum, detail)
        case .flatness:
            guard sum.count > 2, (sum.lastTime - sum.firstTime) * 2 >= window.length else { return nil }
            return sum.maximum - sum.minimum
        case .hours(let level, let isRising): return hours(until: level, isRising: isRising, sum.last)
        case .deviation(let wanted):
            let end = newest + window.tier.length
            return sum.mean.flatMap { baseline?.deviation(of: $0, endingAt: end, wanted) }
        case .pace: return nil
        }
    }

    private func detail() -> RollupDetail {
        var whole = RollupDetail.none
        for extra in extras { whole.merge(extra.detail) }
        return whole
    }

    /// The figure as it is now known of the window that ended at `end`, of what is left of it; nil if there is nothing.
    func value(_ window: AlertWindow, endingAt end: Milliseconds, zone: ZoneOffsets) -> Double? {
        var past = SlidingWindow()
        for (index, part) in parts.enumerated() where part.start < end && part.start >= end - window.length {
            past.parts.append(part)
            if !extras.isEmpty { past.extras.append(extras[index]) }
        }
        guard past.newest == end - window.tier.length else { return nil }
        return past.value(window, zone: zone)
    }

    /// By the least squares line through the means of the parts; nil with fewer than three, for some may be missing.
    private func hours(until level: Double, isRising: Bool, _ last: Double) -> Double? {
        if isRising ? last >= level : last <= level { return 0 }
        let points = parts.indices.compactMap { index in
            accumulator(at: index).mean.map {
                (hour: Double(parts[index].start) / Double(Span.hour), value: $0)
            }
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
