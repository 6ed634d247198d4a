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
        let window = windows[index]
        return Rollup(
            window.series, window.tier, window.sums,
            window.place < 0 ? nil : extras[Int(window.place)])
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

    /// Appends those of `others` from `first` on.
    mutating func append(_ others: Rollups, from first: Int = 0) {
        windows.reserveCapacity(count + others.count - first)
        for index in first..<others.count { append(others, at: index) }
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

    /// By tier, then start, then series.
    mutating func sort() {
        let isInOrder = windows.indices.dropFirst().allSatisfy {
            !Self.isBefore(windows[$0], windows[$0 - 1])
        }
        if !isInOrder { windows.sort(by: Self.isBefore) }
    }

    @inline(__always)
    private static func isBefore(_ left: Window, _ right: Window) -> Bool {
        (left.tier, left.sums.start, left.series) < (right.tier, right.sums.start, right.series)
    }

    /// In order of series.
    func sortedBySeries() -> Rollups {
        // Numbers are moved about in less time than windows.
        var places = windows.indices.map { UInt64(windows[$0].series.rawValue) << 32 | UInt64($0) }
        places.sort()
        var sorted = Rollups()
        sorted.reserveCapacity(count)
        for place in places { sorted.append(self, at: Int(place & 0xFFFF_FFFF)) }
        return sorted
    }
}
