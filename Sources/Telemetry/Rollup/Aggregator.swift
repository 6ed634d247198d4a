/// Readings in, rollups out: the open windows of every series.
///
/// One watermark, `closedThrough`, decides for all series: a window that ends at or before it is closed and lives in the
/// store, a later one is open and lives here. So after a crash the open minutes are exactly the journal's readings behind
/// the watermark, and the open longer windows exactly the merge of stored shorter ones: nothing else need be kept.
///
/// A reading behind the watermark is late: it becomes an amendment of its closed window, at every tier that is closed, and
/// joins the first tier that is not.
package struct Aggregator: Sendable {
    private struct Key: Hashable {
        var series: SeriesID
        var tier: Tier
        var start: Milliseconds
    }

    package let zone: ZoneOffsets
    package private(set) var closedThrough: Milliseconds
    private let shapes: [SeriesShape?]
    /// The newest open minute of each series, and the one open window of each longer tier.
    private var open: TierWindows
    private var otherMinutes = OtherMinutes()
    private var amendments: [Key: Rollup] = [:]
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

    /// Adds a reading of good or uncertain quality.
    /// - Returns: whether it was late.
    @discardableResult
    package mutating func add(_ reading: Reading) -> Bool {
        let index = reading.series.index
        guard index < shapes.count, let shape = shapes[index] else { return false }
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
            otherMinutes.put(Rollup(reading.series, .minute, sums, open[.minute].takeExtras(at: index)))
        }
        let first = WindowSums(reading, shape.kind, startingAt: start)
        open[.minute].merge(first, WindowExtras(reading, shape), startingAt: start, at: index)
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
            amend(with: Rollup(reading.series, tier, part.starting(at: start), extras))
        }
    }

    private mutating func amend(with part: Rollup) {
        let key = Key(series: part.series, tier: part.tier, start: part.start)
        guard var known = amendments.removeValue(forKey: key) else {
            amendments[key] = part
            return
        }
        known.merge(part)
        amendments[key] = known
    }

    // MARK: Closing

    /// Moves the watermark to the last minute that ends at or before `time`, or further where too many minutes would stay
    /// open, and closes every window behind it. What comes for a window closed early is late, and amends it.
    /// - Returns: closed windows, in order of tier, then start, then series.
    package mutating func close(through time: Milliseconds) -> [Rollup] {
        let due = max(Tier.minute.start(of: time, in: zone), closedThrough)
        let target = otherMinutes.crowdedEnd(over: openWindows, after: due) ?? due
        guard target > closedThrough else { return [] }
        var longerClosed: [Rollup] = []
        var closed = closeMinutes(endingBy: target, &longerClosed)
        // They are in order of start.
        closedEarly += Int64(closed.reversed().prefix { $0.start + Span.minute > due }.count)
        closeLonger(through: target, &longerClosed)
        closedThrough = target
        longerClosed.sort(by: Rollup.isBefore)
        if !longerClosed.isEmpty { closed.append(contentsOf: longerClosed) }
        return closed
    }

    /// Takes every minute that ends by `target` and merges it into its quarter of an hour. What was set aside is older than
    /// the newest of its series, so it goes first.
    /// - Returns: the minutes, in order of start, then series.
    private mutating func closeMinutes(endingBy target: Milliseconds, _ longerClosed: inout [Rollup])
        -> [Rollup]
    {
        let aside = otherMinutes.take(endingBy: target)
        for place in aside.indices {
            let quarter = Tier.quarterHour.start(of: aside[place].start, in: zone)
            pass(
                aside[place].sums, aside[place].extras, of: aside[place].series, to: .quarterHour,
                startingAt: quarter, &longerClosed)
        }
        let last = target - Span.minute
        var closed: [Rollup] = []
        closed.reserveCapacity(max(aside.count, open[.minute].openCount))
        var next = 0
        var isInOrder = true
        // Most minutes that close together are the same one.
        var minute = Milliseconds.min
        var quarter = Milliseconds.min
        for index in 0..<open[.minute].count where open[.minute].isOpen(at: index) {
            let start = open[.minute].start(at: index)
            guard start <= last else { continue }
            if start != minute {
                isInOrder = isInOrder && minute < start
                minute = start
                quarter = Tier.quarterHour.start(of: minute, in: zone)
            }
            let series = SeriesID(UInt32(index))
            while next < aside.count, (aside[next].start, aside[next].series) < (minute, series) {
                closed.append(aside[next])
                next += 1
            }
            let sums = open[.minute].takeSums(at: index)
            let extras = open[.minute].takeExtras(at: index)
            pass(sums, extras, of: series, to: .quarterHour, startingAt: quarter, &longerClosed)
            closed.append(Rollup(series, .minute, sums, extras))
        }
        closed.append(contentsOf: aside[next...])
        return isInOrder ? closed : closed.sorted(by: Rollup.isBefore)
    }

    /// Merges a closed window into the next tier, closing the window that stands in its way.
    @inline(__always)
    private mutating func pass(
        _ sums: WindowSums, _ extras: WindowExtras?, of series: SeriesID, to tier: Tier,
        startingAt start: Milliseconds, _ closed: inout [Rollup]
    ) {
        if open[tier].stands(inTheWayOf: start, at: series.index) { closeOne(series, tier, &closed) }
        open[tier].merge(sums, extras, startingAt: start, at: series.index)
    }

    private mutating func closeOne(_ series: SeriesID, _ tier: Tier, _ closed: inout [Rollup]) {
        let sums = open[tier].takeSums(at: series.index)
        let extras = open[tier].takeExtras(at: series.index)
        if let next = tier.next {
            let start = next.start(of: sums.start, in: zone)
            pass(sums, extras, of: series, to: next, startingAt: start, &closed)
        }
        closed.append(Rollup(series, tier, sums, extras))
    }

    private mutating func closeLonger(through target: Milliseconds, _ closed: inout [Rollup]) {
        for tier in Tier.allCases.dropFirst() where hasEnded(tier, by: target) {
            // Most series have the same window open.
            var start = Milliseconds.min
            var end = Milliseconds.max
            for index in 0..<open[tier].count where open[tier].isOpen(at: index) {
                if open[tier].start(at: index) != start {
                    start = open[tier].start(at: index)
                    end = tier.end(of: start, in: zone)
                }
                if end <= target { closeOne(SeriesID(UInt32(index)), tier, &closed) }
            }
            open[tier].findEarliestStart()
        }
    }

    private func hasEnded(_ tier: Tier, by target: Milliseconds) -> Bool {
        let start = open[tier].earliestStart
        return start < .max && tier.end(of: start, in: zone) <= target
    }

    /// Late additions to closed windows since the last call, in order of tier, start, series.
    package mutating func takeAmendments() -> [Rollup] {
        guard !amendments.isEmpty else { return [] }
        defer { amendments.removeAll(keepingCapacity: true) }
        return amendments.values.sorted(by: Rollup.isBefore)
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
