/// Open minutes besides the newest of each series: the one before until it closes, or those of a clock that runs ahead.
///
/// By start, for all series of a minute close together; a series is looked up only where its readings come out of order.
struct OtherMinutes: Sendable {
    private struct Minute: Sendable {
        let start: Milliseconds
        var windows = Rollups()
        /// Where a series lies; nil until one is asked for.
        var places: [SeriesID: Int]?

        mutating func place(of id: SeriesID) -> Int? {
            if places == nil {
                places = Dictionary(
                    uniqueKeysWithValues: windows.indices.map { (windows.series(at: $0), $0) })
            }
            return places?[id]
        }

        mutating func append(_ series: SeriesID, _ sums: WindowSums, _ extras: WindowExtras?) {
            places?[series] = windows.count
            windows.append(series, .minute, sums, extras)
        }
    }

    /// Ascending; none is empty.
    private var minutes: [Minute] = []
    private(set) var count = 0

    /// Adds a reading to its minute, which may be a new one.
    mutating func add(_ reading: Reading, _ shape: SeriesShape, startingAt start: Milliseconds) {
        let (row, isThere) = position(of: start)
        if !isThere { minutes.insert(Minute(start: start), at: row) }
        if let place = minutes[row].place(of: reading.series) {
            minutes[row].windows.add(reading, shape.kind, at: place)
        } else {
            let first = WindowSums(reading, shape.kind, startingAt: start)
            minutes[row].append(reading.series, first, WindowExtras(reading, shape))
            count += 1
        }
    }

    /// Sets a window aside, which is not here yet.
    mutating func put(_ series: SeriesID, _ sums: WindowSums, _ extras: WindowExtras?) {
        let (row, isThere) = position(of: sums.start)
        if !isThere { minutes.insert(Minute(start: sums.start), at: row) }
        minutes[row].append(series, sums, extras)
        count += 1
    }

    /// - Returns: windows that end by `target`, in no order; they are here no more.
    mutating func take(endingBy target: Milliseconds) -> Rollups {
        let due = minutes.count { $0.start + Span.minute <= target }
        // Mostly one, which is handed over as it is.
        var taken = due == 0 ? [] : minutes[0].windows
        taken.reserveCapacity(minutes[..<due].reduce(0) { $0 + $1.windows.count })
        for row in 0..<due where row > 0 { taken.append(minutes[row].windows) }
        minutes.removeFirst(due)
        count -= taken.count
        return taken
    }

    /// End of the last of the oldest minutes without which no more than `limit` windows stay; nil if there are no more.
    /// - Parameter due: what ends by then is taken in any case.
    func crowdedEnd(over limit: Int, after due: Milliseconds) -> Milliseconds? {
        guard count > limit else { return nil }
        let staying = minutes.drop { $0.start + Span.minute <= due }
        var open = staying.reduce(0) { $0 + $1.windows.count }
        var end: Milliseconds?
        for minute in staying {
            guard open > limit else { break }
            open -= minute.windows.count
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
