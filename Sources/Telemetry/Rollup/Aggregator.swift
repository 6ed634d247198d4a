/// Readings in, rollups out: the open windows of every series.
///
/// One watermark, `closedThrough`, decides for all series: a window that ends at or before it is closed and lives in the
/// store, a later one is open and lives here. So after a crash the open minutes are exactly the journal's readings behind
/// the watermark, and the open longer windows exactly the merge of stored shorter ones: nothing else need be kept.
///
/// A reading behind the watermark is late: it becomes an amendment of its closed window, at every tier that is closed, and
/// joins the first tier that is not.
package struct Aggregator: Sendable {
    /// An open window; empty if `accumulator` is.
    private struct Open: Sendable {
        var start: Milliseconds = .min
        var accumulator = Accumulator()
        var detail: RollupDetail = .none
    }

    private struct Key: Hashable {
        var series: SeriesID
        var tier: Tier
        var start: Milliseconds
    }

    package let zone: ZoneOffsets
    package private(set) var closedThrough: Milliseconds
    private var shapes: [SeriesShape?]
    /// The newest open minute of each series.
    private var minutes: [Open]
    /// Other open minutes: the one before until it closes, or those of a clock that runs ahead.
    private var otherMinutes: [Key: Open] = [:]
    /// The one open window of each longer tier.
    private var longer: [[Open]]
    private var amendments: [Key: Open] = [:]
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
        minutes = Array(repeating: Open(), count: shapes.count)
        longer = Array(
            repeating: Array(repeating: Open(), count: shapes.count), count: Tier.allCases.count - 1)
    }

    /// Takes new series over after a reload; known ones keep their open windows.
    package mutating func reshape(_ shapes: [SeriesShape?]) {
        let more = shapes.count - self.shapes.count
        self.shapes = shapes
        guard more > 0 else { return }
        minutes.append(contentsOf: repeatElement(Open(), count: more))
        for tier in longer.indices { longer[tier].append(contentsOf: repeatElement(Open(), count: more)) }
    }

    // MARK: Readings

    /// Adds a reading of good or uncertain quality.
    /// - Returns: whether it was late.
    @discardableResult
    package mutating func add(_ reading: Reading) -> Bool {
        let index = reading.series.index
        guard index < shapes.count, let shape = shapes[index] else { return false }
        let start = Tier.minute.start(of: reading.time, in: zone)
        if start + Span.minute <= closedThrough {
            amend(reading, shape)
            return true
        }
        if minutes[index].start == start {
            Self.add(reading, shape, &minutes[index])
        } else if start > minutes[index].start {
            let before = minutes[index]
            if !before.accumulator.isEmpty {
                otherMinutes[Key(series: reading.series, tier: .minute, start: before.start)] = before
            }
            minutes[index] = Open(start: start, detail: shape.emptyDetail)
            // The window may have been set aside when a later one came first.
            let key = Key(series: reading.series, tier: .minute, start: start)
            if let known = otherMinutes.removeValue(forKey: key) { minutes[index] = known }
            Self.add(reading, shape, &minutes[index])
        } else {
            let key = Key(series: reading.series, tier: .minute, start: start)
            Self.add(
                reading, shape, &otherMinutes[key, default: Open(start: start, detail: shape.emptyDetail)])
        }
        return false
    }

    @inline(__always)
    private static func add(_ reading: Reading, _ shape: SeriesShape, _ open: inout Open) {
        open.accumulator.add(reading, kind: shape.kind)
        if case .none = open.detail { return }
        open.detail.add(reading)
    }

    private mutating func amend(_ reading: Reading, _ shape: SeriesShape) {
        var part = Open(start: 0, detail: shape.emptyDetail)
        Self.add(reading, shape, &part)
        for tier in Tier.allCases {
            let start = tier.start(of: reading.time, in: zone)
            part.start = start
            guard tier.end(of: start, in: zone) <= closedThrough else {
                mergeLonger(part, reading.series, tier)
                return
            }
            merge(part, into: Key(series: reading.series, tier: tier, start: start))
        }
    }

    private mutating func merge(_ part: Open, into key: Key) {
        guard var known = amendments.removeValue(forKey: key) else {
            amendments[key] = part
            return
        }
        known.accumulator.merge(part.accumulator)
        known.detail.merge(part.detail)
        amendments[key] = known
    }

    /// Merges a part into the open window of a longer tier; there is only one, the one the watermark stands in.
    private mutating func mergeLonger(_ part: Open, _ series: SeriesID, _ tier: Tier) {
        let row = tier.rawValue - 1
        if longer[row][series.index].start != part.start {
            assert(longer[row][series.index].accumulator.isEmpty, "the window before is closed first")
            longer[row][series.index] = Open(start: part.start, detail: part.detail)
            longer[row][series.index].accumulator = part.accumulator
            return
        }
        longer[row][series.index].accumulator.merge(part.accumulator)
        longer[row][series.index].detail.merge(part.detail)
    }

    // MARK: Closing

    /// Moves the watermark to the last minute that ends at or before `time`, or further where too many minutes would stay
    /// open, and closes every window behind it. What comes for a window closed early is late, and amends it.
    /// - Returns: closed windows, in order of tier, then start, then series.
    package mutating func close(through time: Milliseconds) -> [Rollup] {
        let due = max(Tier.minute.start(of: time, in: zone), closedThrough)
        let target = crowdedEnd(after: due) ?? due
        guard target > closedThrough else { return [] }
        var closed: [Rollup] = []
        for minute in takeMinutes(endingBy: target) {
            if minute.start + Span.minute > due { closedEarly += 1 }
            closed.append(minute)
            pass(minute, to: .quarterHour, &closed)
        }
        closeLonger(through: target, &closed)
        closedThrough = target
        return closed.sorted { ($0.tier, $0.start, $0.series) < ($1.tier, $1.start, $1.series) }
    }

    /// End of the last of the oldest minutes without which no more than `openWindows` stay open; nil if there are no more.
    private func crowdedEnd(after due: Milliseconds) -> Milliseconds? {
        guard otherMinutes.count > openWindows else { return nil }
        var counts: [Milliseconds: Int] = [:]
        for key in otherMinutes.keys where key.start + Span.minute > due {
            counts[key.start, default: 0] += 1
        }
        var open = counts.values.reduce(0, +)
        var end: Milliseconds?
        for (start, count) in counts.sorted(by: { $0.key < $1.key }) {
            guard open > openWindows else { break }
            open -= count
            end = start + Span.minute
        }
        return end
    }

    private mutating func takeMinutes(endingBy target: Milliseconds) -> [Rollup] {
        var due: [Rollup] = []
        for index in minutes.indices where !minutes[index].accumulator.isEmpty {
            guard minutes[index].start + Span.minute <= target else { continue }
            due.append(Self.rollup(SeriesID(UInt32(index)), .minute, minutes[index]))
            minutes[index] = Open()
        }
        for (key, open) in otherMinutes where key.start + Span.minute <= target {
            due.append(Self.rollup(key.series, .minute, open))
            otherMinutes[key] = nil
        }
        return due.sorted { ($0.start, $0.series) < ($1.start, $1.series) }
    }

    /// Merges a closed window into the next tier, closing the window that stands in its way.
    private mutating func pass(_ rollup: Rollup, to tier: Tier, _ closed: inout [Rollup]) {
        let start = tier.start(of: rollup.start, in: zone)
        let row = tier.rawValue - 1
        let index = rollup.series.index
        if !longer[row][index].accumulator.isEmpty, longer[row][index].start != start {
            closeOne(index, tier, &closed)
        }
        mergeLonger(
            Open(start: start, accumulator: rollup.accumulator, detail: rollup.detail), rollup.series, tier)
    }

    private mutating func closeOne(_ index: Int, _ tier: Tier, _ closed: inout [Rollup]) {
        let row = tier.rawValue - 1
        let rollup = Self.rollup(SeriesID(UInt32(index)), tier, longer[row][index])
        longer[row][index] = Open()
        closed.append(rollup)
        if let next = tier.next { pass(rollup, to: next, &closed) }
    }

    private mutating func closeLonger(through target: Milliseconds, _ closed: inout [Rollup]) {
        for tier in Tier.allCases.dropFirst() {
            let row = tier.rawValue - 1
            for index in longer[row].indices where !longer[row][index].accumulator.isEmpty {
                guard tier.end(of: longer[row][index].start, in: zone) <= target else { continue }
                closeOne(index, tier, &closed)
            }
        }
    }

    private static func rollup(_ series: SeriesID, _ tier: Tier, _ open: Open) -> Rollup {
        Rollup(
            series: series, tier: tier, start: open.start, accumulator: open.accumulator, detail: open.detail)
    }

    /// Late additions to closed windows since the last call, in order of tier, start, series.
    package mutating func takeAmendments() -> [Rollup] {
        guard !amendments.isEmpty else { return [] }
        defer { amendments.removeAll(keepingCapacity: true) }
        return amendments.map { Self.rollup($0.key.series, $0.key.tier, $0.value) }
            .sorted { ($0.tier, $0.start, $0.series) < ($1.tier, $1.start, $1.series) }
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
        mergeLonger(
            Open(start: start, accumulator: stored.accumulator, detail: stored.detail), stored.series, tier)
    }

    /// Puts a reading of the journal back if its minute was still open; late ones are in the store already.
    package mutating func restore(_ reading: Reading) {
        guard Tier.minute.start(of: reading.time, in: zone) + Span.minute > closedThrough else { return }
        add(reading)
    }

    /// Begin of the stretch of stored windows of `tier` that `restore` wants.
    package func restoreFrom(_ tier: Tier) -> Milliseconds {
        guard closedThrough > .min, let next = tier.next else { return .max }
        return next.start(of: closedThrough, in: zone)
    }
}
