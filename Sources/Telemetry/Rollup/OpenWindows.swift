/// One window for each series, by its index: of one tier those that are open.
///
/// What few series keep beside the sums lies apart, so that the sums of all are plain bytes.
struct OpenWindows: ~Copyable, Sendable {
    private var sums = CacheLines<WindowSums>()
    private(set) var openCount = 0
    /// Where the extras of a series lie; negative if it keeps none. Empty if none of them does.
    private var places: [Int32] = []
    private var extras: [WindowExtras?] = []

    var count: Int { sums.count }

    func copy() -> OpenWindows {
        var copied = OpenWindows()
        copied.sums = sums.copy()
        (copied.openCount, copied.places, copied.extras) = (openCount, places, extras)
        return copied
    }

    /// Makes room for more series, and for extras of those that begin to keep them.
    mutating func reshape(_ shapes: [SeriesShape?]) {
        sums.grow(to: shapes.count, with: .none)
        for (index, shape) in shapes.enumerated() where shape?.keepsExtras ?? false && place(index) == nil {
            if places.count < sums.count {
                places.append(contentsOf: repeatElement(-1, count: sums.count - places.count))
            }
            places[index] = Int32(extras.count)
            extras.append(isOpen(at: index) ? WindowExtras(of: sums[index]) : nil)
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
    func isOpen(at index: Int) -> Bool { !sums[index].isEmpty }

    /// Whether a window with another start is open.
    @inline(__always)
    func stands(inTheWayOf start: Milliseconds, at index: Int) -> Bool {
        isOpen(at: index) && sums[index].start != start
    }

    /// Adds a reading to the open window, of a minute.
    /// - Returns: false if it does not lie in it.
    @inline(__always)
    mutating func addWithinMinute(_ reading: Reading, _ kind: MeasurementKind, at index: Int) -> Bool {
        guard sums[index].addWithinMinute(reading, kind) else { return false }
        if let place = place(index) { extras[place]?.add(reading, kind) }
        return true
    }

    /// Opens a window, where none is open.
    @inline(__always)
    mutating func put(_ first: WindowSums, _ more: WindowExtras?, at index: Int) {
        open(first, at: index)
        if let place = place(index) { extras[place] = more ?? WindowExtras(of: first) }
    }

    @inline(__always)
    private mutating func open(_ first: WindowSums, at index: Int) {
        assert(!isOpen(at: index), "the window before is taken first")
        openCount += 1
        sums[index] = first
    }

    /// Merges a part, which may be a shorter window, into the window that begins at `start`, opening it if need be. No other
    /// is open.
    @inline(__always)
    mutating func merge(
        _ part: WindowSums, _ more: WindowExtras?, startingAt start: Milliseconds, at index: Int
    ) {
        let isFirst = !isOpen(at: index)
        if isFirst {
            open(part.starting(at: start), at: index)
        } else {
            assert(sums[index].start == start, "the window before is closed first")
            sums[index].merge(part)
        }
        guard let place = place(index) else { return }
        let more = more ?? WindowExtras(of: part)
        if isFirst { extras[place] = more } else { extras[place]?.merge(more) }
    }

    /// - Returns: the sums of the window, which is open no more.
    @inline(__always)
    mutating func takeSums(at index: Int) -> WindowSums {
        openCount -= 1
        defer { sums[index].clear() }
        return sums[index]
    }

    /// To be taken with the sums.
    @inline(__always)
    mutating func takeExtras(at index: Int) -> WindowExtras? {
        guard let place = place(index) else { return nil }
        return extras[place].take()
    }
}
