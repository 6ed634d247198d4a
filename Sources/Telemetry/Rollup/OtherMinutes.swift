/// Open minutes besides the newest of each series: the one before until it closes, or those of a clock that runs ahead.
///
/// By start, for all series of a minute close together; a series is looked up only where its readings come out of order.
struct OtherMinutes: Sendable {
    private struct Minute: Sendable {
        let start: Milliseconds
        var series: [SeriesID] = []
        var windows: [OpenWindow] = []
        /// Where a series lies; nil until one is asked for.
        var places: [SeriesID: Int]?

        mutating func place(of id: SeriesID) -> Int? {
            if places == nil {
                places = Dictionary(uniqueKeysWithValues: series.enumerated().map { ($1, $0) })
            }
            return places?[id]
        }

        mutating func append(_ window: OpenWindow, of id: SeriesID) {
            places?[id] = series.count
            series.append(id)
            windows.append(window)
        }

        /// The last takes its place.
        mutating func remove(_ id: SeriesID, at place: Int) -> OpenWindow {
            places?[id] = nil
            if place < series.count - 1 { places?[series.last!] = place }
            series.swapAt(place, series.count - 1)
            windows.swapAt(place, windows.count - 1)
            series.removeLast()
            return windows.removeLast()
        }

        /// In order of series.
        func append(to rollups: inout [Rollup]) {
            let isInOrder = zip(series, series.dropFirst()).allSatisfy { $0 < $1 }
            let order = isInOrder ? nil : series.indices.sorted { series[$0] < series[$1] }
            for index in series.indices {
                let place = order?[index] ?? index
                rollups.append(windows[place].rollup(series[place], .minute))
            }
        }
    }

    /// Ascending; none is empty.
    private var minutes: [Minute] = []
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }

    /// Adds a reading to its minute, which may be a new one.
    mutating func add(_ reading: Reading, _ shape: SeriesShape, startingAt start: Milliseconds) {
        let (row, isThere) = position(of: start)
        if !isThere { minutes.insert(Minute(start: start), at: row) }
        if let place = minutes[row].place(of: reading.series) {
            minutes[row].windows[place].add(reading, shape.kind)
        } else {
            var window = OpenWindow(start: start, detail: shape.emptyDetail)
            window.add(reading, shape.kind)
            minutes[row].append(window, of: reading.series)
            count += 1
        }
    }

    /// Sets a window aside, which is not here yet.
    mutating func put(_ window: OpenWindow, of series: SeriesID) {
        let (row, isThere) = position(of: window.start)
        if !isThere { minutes.insert(Minute(start: window.start), at: row) }
        minutes[row].append(window, of: series)
        count += 1
    }

    /// - Returns: nil if there is no such window; else it is here no more.
    mutating func take(_ series: SeriesID, startingAt start: Milliseconds) -> OpenWindow? {
        let (row, isThere) = position(of: start)
        guard isThere, let place = minutes[row].place(of: series) else { return nil }
        defer { if minutes[row].series.isEmpty { minutes.remove(at: row) } }
        count -= 1
        return minutes[row].remove(series, at: place)
    }

    /// - Returns: windows that end by `target`, in order of start, then series; they are here no more.
    mutating func take(endingBy target: Milliseconds) -> [Rollup] {
        let due = minutes.prefix { $0.start + Span.minute <= target }
        guard !due.isEmpty else { return [] }
        var rollups: [Rollup] = []
        rollups.reserveCapacity(due.reduce(0) { $0 + $1.series.count })
        for minute in due { minute.append(to: &rollups) }
        minutes.removeFirst(due.count)
        count -= rollups.count
        return rollups
    }

    /// End of the last of the oldest minutes without which no more than `limit` windows stay; nil if there are no more.
    /// - Parameter due: what ends by then is taken in any case.
    func crowdedEnd(over limit: Int, after due: Milliseconds) -> Milliseconds? {
        guard count > limit else { return nil }
        let staying = minutes.drop { $0.start + Span.minute <= due }
        var open = staying.reduce(0) { $0 + $1.series.count }
        var end: Milliseconds?
        for minute in staying {
            guard open > limit else { break }
            open -= minute.series.count
            end = minute.start + Span.minute
        }
        return end
    }

    private func position(of start: Milliseconds) -> (row: Int, isThere: Bool) {
        var (low, high) = (0, minutes.count)
        while low < high {
            let middle = (low + high) / 2
            if minutes[middle].start < start { low = middle + 1 } else { high = middle }
        }
        return (low, low < minutes.count && minutes[low].start == start)
    }
}
