/// Readings in, rollups out: the open windows of every series.
///
/// One watermark, `closedThrough`, decides for all series: a window that ends at or before it is closed and lives in the
/// store, a later one is open and lives here. So after a crash the open minutes are exactly the journal's readings behind
/// the watermark, and the open longer windows exactly the merge of stored shorter ones: nothing else need be kept.
///
/// A reading behind the watermark is late: it becomes an amendment of its closed window, at every tier that is closed, and
/// joins the first tier that is not.
package struct Aggregator: Sendable {
    package let zone: ZoneOffsets
    package private(set) var closedThrough: Milliseconds
    private let shapes: [SeriesShape?]
    /// The newest open minute of each series, and the one open window of each longer tier.
    private var open: TierWindows
    private var otherMinutes = OtherMinutes()
    /// Parts of closed windows, as they came.
    private var amendments = Rollups()
    /// Open minutes besides the newest of each series: the only windows whose number the series do not bound.
    package var otherMinuteCount: Int { otherMinutes.count }
    /// How many of them `close` leaves open.
    private let openWindows: Int
    /// Minutes closed before their time to stay within `openWindows`, since the start.
    package private(set) var closedEarly: Int64 = 0

    /// - Parameters:
    ///   - shapes: by `SeriesID`; nil where there is no such series.
    ///   - openWindows: open minutes besides the newest of each series, after each `close`.
    package init(
        shapes: [SeriesShape?], zone: ZoneOffsets, closedThrough: Milliseconds = .min,
        openWindows: Int = .max
    ) {
        self.shapes = shapes
        self.zone = zone
        self.closedThrough = closedThrough
        self.openWindows = openWindows
        open = TierWindows(shapes)
    }

    // MARK: Readings

    /// Adds readings in order. Those of bad quality, or of series that are not known, are passed over.
    /// - Returns: how many were late.
    @discardableResult
    package mutating func add(_ readings: UnsafeBufferPointer<Reading>) -> Int {
        let times = WindowSums.times.clamped(to: closedThrough..<Milliseconds.max)
        var late = 0
        var next = 0
        while true {
            next += open[.minute].addValuesWithinMinute(readings[next...], opening: times)
            guard next < readings.count else { return late }
            if add(readings[next]) { late += 1 }
            next += 1
        }
    }

    /// The same of those from `first` on.
    package mutating func add(_ readings: [Reading], from first: Int) -> Int {
        readings.withUnsafeBufferPointer { add(UnsafeBufferPointer(rebasing: $0[first...])) }
    }

    /// Adds a reading, unless it is of bad quality or its series is not known.
    /// - Returns: whether it was late.
    @discardableResult
    package mutating func add(_ reading: Reading) -> Bool {
        let index = reading.series.index
        guard reading.quality != .bad, index < shapes.count, let shape = shapes[index] else { return false }
        // An open minute is never behind the watermark.
        if open[.minute].addWithinMinute(reading, shape.kind, at: index) { return false }
        return addElsewhere(reading, shape)
    }

    @inline(never)
    private mutating func addElsewhere(_ reading: Reading, _ shape: SeriesShape) -> Bool {
        // No message brings such a time, but a journal may have some of when it was not asked.
        guard WindowSums.times.contains(reading.time) else { return false }
        let start = Tier.minute.start(of: reading.time, in: zone)
        if start + Span.minute <= closedThrough {
            amend(reading, shape)
            return true
        }
        addBesides(reading, shape, start)
        return false
    }

    /// A reading of an open minute that is not the series' newest, or not yet.
    private mutating func addBesides(_ reading: Reading, _ shape: SeriesShape, _ start: Milliseconds) {
        let index = reading.series.index
        guard start > open[.minute].start(at: index) else {
            otherMinutes.add(reading, shape, startingAt: start)
            return
        }
        if open[.minute].isOpen(at: index) {
            let sums = open[.minute].takeSums(at: index)
            otherMinutes.put(reading.series, sums, open[.minute].takeExtras(at: index))
        }
        open[.minute].open(reading, shape, startingAt: start, at: index)
    }

    private mutating func amend(_ reading: Reading, _ shape: SeriesShape) {
        let minute = Tier.minute.start(of: reading.time, in: zone)
        let part = WindowSums(reading, shape.kind, startingAt: minute)
        let extras = WindowExtras(reading, shape)
        for tier in Tier.allCases {
            let start = tier.start(of: reading.time, in: zone)
            // Where clocks were set by part of an hour, two windows of a tier hold the same moment, and the other may be open.
            guard
                tier.end(of: start, in: zone) <= closedThrough
                    || open[tier].stands(inTheWayOf: start, at: reading.series.index)
            else {
                open[tier].merge(part, extras, startingAt: start, at: reading.series.index)
                return
            }
            amendments.append(reading.series, tier, part.starting(at: start), extras)
        }
    }

    /// Asks for the windows of readings that are added soon, which takes longer than adding them where series are many.
    package func expect(_ readings: UnsafeBufferPointer<Reading>) {
        for reading in readings { open[.minute].prefetch(reading.series.index) }
    }

    // MARK: Closing

    /// Moves the watermark to the last minute that ends at or before `time`, or further where too many minutes would stay
    /// open, and closes every window behind it. What comes for a window closed early is late, and amends it.
    /// - Returns: closed windows, in order of tier, then start, then series.
    package mutating func close(through time: Milliseconds) -> Rollups {
        var closed = Rollups()
        close(through: time, into: &closed)
        return closed
    }

    /// The same with memory that is there already.
    package mutating func close(through time: Milliseconds, into closed: inout Rollups) {
        closed.removeAll()
        let due = max(Tier.minute.start(of: time, in: zone), closedThrough)
        let target = otherMinutes.crowdedEnd(over: openWindows, after: due) ?? due
        guard target > closedThrough else { return }
        let aside = otherMinutes.take(endingBy: target)
        let zone = zone
        open.withAll { windows in
            var closing = Closing(windows, zone: zone)
            closing.closeMinutes(endingBy: target, aside: aside, into: &closed)
            closing.closeLonger(through: target, into: &closed)
        }
        otherMinutes.reuse(aside)
        if target > due { closedEarly += Int64(closed.countMinutes(endingAfter: due)) }
        closedThrough = target
    }

    /// Late additions to closed windows since the last call, in order of tier, start, series.
    package mutating func takeAmendments() -> Rollups {
        guard !amendments.isEmpty else { return [] }
        defer { amendments = [] }
        amendments.sort()
        return amendments.merged()
    }

    // MARK: Restart

    /// Puts a stored window back as part of an open longer one.
    package mutating func restore(_ stored: Rollup) {
        guard let tier = stored.tier.next, stored.series.index < shapes.count,
            shapes[stored.series.index] != nil
        else {
            return
        }
        let start = tier.start(of: stored.start, in: zone)
        guard tier.end(of: start, in: zone) > closedThrough else { return }
        open[tier].merge(stored.sums, stored.extras, startingAt: start, at: stored.series.index)
    }

    /// Puts a reading of the journal back if its minute was still open; late ones are in the store already.
    package mutating func restore(_ reading: Reading) {
        guard WindowSums.times.contains(reading.time),
            Tier.minute.start(of: reading.time, in: zone) + Span.minute > closedThrough
        else { return }
        add(reading)
    }

    /// Begin of the stretch of stored windows of `tier` that `restore` wants.
    package func restoreFrom(_ tier: Tier) -> Milliseconds {
        guard closedThrough > .min, let next = tier.next else { return .max }
        return next.start(of: closedThrough, in: zone)
    }
}
