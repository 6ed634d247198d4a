/// Open minutes besides the newest of each series: the one before until it closes, or those of a clock that runs ahead.
///
/// By start, for all series of a minute close together; a series is looked up only where its readings come out of order.
struct OtherMinutes: Sendable {
    private struct Minute: Sendable {
        let start: Milliseconds
        var windows: Rollups
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
    /// Memory of minutes that were taken, for the next one.
    private var spare = Rollups()

    /// Adds a reading to its minute, which may be a new one.
    mutating func add(_ reading: Reading, _ shape: SeriesShape, startingAt start: Milliseconds) {
        let row = row(of: start)
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
        minutes[row(of: sums.start)].append(series, sums, extras)
        count += 1
    }

    /// - Returns: windows that end by `target`, those of a series in order of start; they are here no more.
    mutating func take(endingBy target: Milliseconds) -> Rollups {
        let due = minutes.count { $0.start + Span.minute <= target }
        var taken = Rollups()
        guard due > 0 else { return taken }
        // Mostly one, which is handed over as it is.
        swap(&taken, &minutes[0].windows)
        for row in 1..<due { taken.append(minutes[row].windows) }
        minutes.removeFirst(due)
        count -= taken.count
        return taken
    }

    /// Takes the memory of windows that are closed: asked for anew every minute, its pages were a twentieth of aggregating.
    mutating func reuse(_ closed: consuming Rollups) {
        guard closed.capacity > spare.capacity, closed.isWorthKeeping else { return }
        closed.removeAll()
        spare = closed
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

    /// Where the minute from `start` on is, or from now on is.
    private mutating func row(of start: Milliseconds) -> Int {
        var (low, high) = (0, minutes.count)
        while low < high {
            let middle = (low + high) / 2
            if minutes[middle].start < start { low = middle + 1 } else { high = middle }
        }
        guard low == minutes.count || minutes[low].start != start else { return low }
        var windows = Rollups()
        // The oldest alone: of clocks that run ahead there may be hundreds, with a few windows each.
        if low == 0 { swap(&windows, &spare) }
        minutes.insert(Minute(start: start, windows: windows), at: low)
        return low
    }
}
