/// A window that is not closed yet, or a part of one.
struct OpenWindow: Sendable {
    var start: Milliseconds
    var accumulator = Accumulator()
    var detail: RollupDetail

    init(start: Milliseconds, detail: RollupDetail) {
        self.start = start
        self.detail = detail
    }

    init(_ rollup: Rollup) {
        start = rollup.start
        accumulator = rollup.accumulator
        detail = rollup.detail
    }

    mutating func add(_ reading: Reading, _ kind: MeasurementKind) {
        accumulator.add(reading, kind: kind)
        detail.add(reading)
    }

    mutating func merge(_ other: OpenWindow) {
        accumulator.merge(other.accumulator)
        detail.merge(other.detail)
    }

    func rollup(_ series: SeriesID, _ tier: Tier) -> Rollup {
        Rollup(series: series, tier: tier, start: start, accumulator: accumulator, detail: detail)
    }
}

/// One window for each series, by its index: of each tier those that are open.
///
/// What few series keep beside the sums lies apart, so that the sums of the others are moved as plain bytes.
struct OpenWindows: Sendable {
    private struct Sums: BitwiseCopyable, Sendable {
        /// `.min` where no window is open.
        var start: Milliseconds = .min
        var accumulator = Accumulator()
    }

    private var sums: [Sums] = []
    /// Where the detail of a series lies; negative if it keeps none. Empty if none of them does.
    private var places: [Int32] = []
    private var details: [RollupDetail] = []

    init(_ shapes: [SeriesShape?]) { reshape(shapes) }

    var count: Int { sums.count }

    /// Makes room for more series, and for details of those that begin to keep them.
    mutating func reshape(_ shapes: [SeriesShape?]) {
        let more = shapes.count - sums.count
        if more > 0 { sums.append(contentsOf: repeatElement(Sums(), count: more)) }
        for (index, shape) in shapes.enumerated() where shape?.keepsDetail ?? false && place(index) == nil {
            if places.count < sums.count {
                places.append(contentsOf: repeatElement(-1, count: sums.count - places.count))
            }
            places[index] = Int32(details.count)
            details.append(.none)
        }
    }

    @inline(__always)
    private func place(_ index: Int) -> Int? {
        guard index < places.count, places[index] >= 0 else { return nil }
        return Int(places[index])
    }

    // MARK: One window

    @inline(__always)
    func start(at index: Int) -> Milliseconds { sums[index].start }

    @inline(__always)
    func isOpen(at index: Int) -> Bool { !sums[index].accumulator.isEmpty }

    /// Whether the open window, of a minute, holds `time`.
    @inline(__always)
    func holds(_ time: Milliseconds, at index: Int) -> Bool {
        UInt64(bitPattern: time &- sums[index].start) < UInt64(Span.minute)
    }

    /// Whether a window with another start is open.
    @inline(__always)
    func stands(inTheWayOf start: Milliseconds, at index: Int) -> Bool {
        sums[index].start != start && isOpen(at: index)
    }

    @inline(__always)
    mutating func add(_ reading: Reading, _ kind: MeasurementKind, at index: Int) {
        sums[index].accumulator.add(reading, kind: kind)
        if let place = place(index) { details[place].add(reading) }
    }

    mutating func put(_ window: OpenWindow, at index: Int) {
        sums[index] = Sums(start: window.start, accumulator: window.accumulator)
        if let place = place(index) { details[place] = window.detail }
    }

    /// Merges a part into the window that it is of, opening it if need be.
    @inline(__always)
    mutating func merge(
        _ accumulator: Accumulator, _ detail: RollupDetail, startingAt start: Milliseconds, at index: Int
    ) {
        if sums[index].start == start {
            sums[index].accumulator.merge(accumulator)
            if let place = place(index) { details[place].merge(detail) }
        } else {
            assert(!isOpen(at: index), "the window before is closed first")
            sums[index] = Sums(start: start, accumulator: accumulator)
            if let place = place(index) { details[place] = detail }
        }
    }

    /// - Returns: the window, which is open no more.
    @inline(__always)
    mutating func take(_ tier: Tier, at index: Int) -> Rollup {
        let rollup = Rollup(
            series: SeriesID(UInt32(index)), tier: tier, start: sums[index].start,
            accumulator: sums[index].accumulator, detail: takeDetail(index))
        sums[index] = Sums()
        return rollup
    }

    @inline(__always)
    private mutating func takeDetail(_ index: Int) -> RollupDetail {
        guard let place = place(index) else { return .none }
        defer { details[place] = .none }
        return details[place]
    }

    /// How many open windows begin at `last` or before.
    func count(startingBy last: Milliseconds) -> Int {
        sums.count { $0.start <= last && !$0.accumulator.isEmpty }
    }
}

extension Rollup {
    /// By start, then series.
    static func isBefore(_ left: Rollup, _ right: Rollup) -> Bool {
        left.start == right.start ? left.series < right.series : left.start < right.start
    }
}
