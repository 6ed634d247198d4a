/// Windows one after the other, as plain bytes: what few of them keep beside their sums lies apart. As an array of `Rollup` each
/// would be asked for its reference wherever it is copied, moved or thrown away: a quarter of closing.
package struct Rollups: RandomAccessCollection, ExpressibleByArrayLiteral, Sendable {
    private struct Window: BitwiseCopyable {
        var sums: WindowSums
        let series: SeriesID
        /// In `extras`; negative if it has none.
        let place: Int32
        let tier: Tier
    }

    private var windows: [Window] = []
    private var extras: [WindowExtras] = []

    package init() {}

    package init(_ rollups: some Sequence<Rollup>) {
        windows.reserveCapacity(rollups.underestimatedCount)
        for rollup in rollups { append(rollup) }
    }

    package init(arrayLiteral rollups: Rollup...) { self.init(rollups) }

    package var startIndex: Int { 0 }
    package var endIndex: Int { windows.count }

    package subscript(index: Int) -> Rollup {
        Rollup(series(at: index), tier(at: index), sums(at: index), extras(at: index))
    }

    // MARK: Without making a rollup of it

    @inline(__always)
    package func series(at index: Int) -> SeriesID { windows[index].series }

    @inline(__always)
    package func tier(at index: Int) -> Tier { windows[index].tier }

    @inline(__always)
    package func start(at index: Int) -> Milliseconds { windows[index].sums.start }

    @inline(__always)
    package func accumulator(at index: Int) -> Accumulator {
        sums(at: index).accumulator(weight: extras(at: index)?.weight)
    }

    @inline(__always)
    func sums(at index: Int) -> WindowSums { windows[index].sums }

    @inline(__always)
    func extras(at index: Int) -> WindowExtras? {
        let place = windows[index].place
        return place < 0 ? nil : extras[Int(place)]
    }

    func countMinutes(endingAfter time: Milliseconds) -> Int {
        windows.count { $0.tier == .minute && $0.sums.start + Span.minute > time }
    }

    // MARK: Building

    /// Keeps the memory.
    package mutating func removeAll() {
        windows.removeAll(keepingCapacity: true)
        extras.removeAll(keepingCapacity: true)
    }

    package var capacity: Int { windows.capacity }

    /// Whether its memory is kept for those that come next: as many as there are readings in a full ring, 5 MB. Of a large city more
    /// close once a minute, 80 bytes for each of its series.
    package var isWorthKeeping: Bool { capacity <= 65_536 }

    mutating func reserveCapacity(_ count: Int) { windows.reserveCapacity(count) }

    package mutating func append(_ rollup: Rollup) {
        append(rollup.series, rollup.tier, rollup.sums, rollup.extras)
    }

    @inline(__always)
    mutating func append(_ series: SeriesID, _ tier: Tier, _ sums: WindowSums, _ more: WindowExtras?) {
        var place: Int32 = -1
        if let more {
            place = Int32(extras.count)
            extras.append(more)
        }
        windows.append(Window(sums: sums, series: series, place: place, tier: tier))
    }

    mutating func append(_ others: Rollups) {
        for index in others.indices { append(others, at: index) }
    }

    @inline(__always)
    mutating func append(_ others: Rollups, at index: Int) {
        let window = others.windows[index]
        append(window.series, window.tier, window.sums, others.extras(at: index))
    }

    /// Adds a reading of its minute to the window at `index`.
    mutating func add(_ reading: Reading, _ kind: MeasurementKind, at index: Int) {
        guard windows[index].sums.addWithinMinute(reading, kind) else { return }
        let place = windows[index].place
        if place >= 0 { extras[Int(place)].add(reading, kind) }
    }

    // MARK: Order

    /// Where a window belongs. Numbers are moved about in less time than windows.
    private struct Key: Comparable {
        let high: UInt64
        let low: UInt64

        @inline(__always)
        static func < (left: Key, right: Key) -> Bool {
            (left.high, left.low) < (right.high, right.low)
        }
    }

    @inline(__always)
    private func timeKey(_ index: Int) -> Key {
        let window = windows[index]
        return Key(
            high: UInt64(window.tier.rawValue) << 32 | UInt64(window.sums.orderedMinute),
            low: UInt64(window.series.rawValue) << 32 | UInt64(index))
    }

    /// In order of tier, then start, then series; those of one window as they were.
    mutating func sort() {
        let isInOrder = windows.indices.dropFirst().allSatisfy { timeKey($0 - 1) < timeKey($0) }
        guard !isInOrder else { return }
        var keys = windows.indices.map(timeKey)
        keys.sort()
        var sorted = Rollups()
        sorted.reserveCapacity(count)
        for key in keys { sorted.append(self, at: Int(key.low & 0xFFFF_FFFF)) }
        self = sorted
    }

    /// What follows one another of the same window is made one.
    func merged() -> Rollups {
        var merged = Rollups()
        var last: Rollup?
        for rollup in self {
            guard var known = last, known.isOfSameWindow(as: rollup) else {
                if let last { merged.append(last) }
                last = rollup
                continue
            }
            last = nil
            known.merge(rollup)
            last = known
        }
        if let last { merged.append(last) }
        return merged
    }
}
