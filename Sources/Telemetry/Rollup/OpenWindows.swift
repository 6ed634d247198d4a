/// One window for each series, by its index: of one tier those that are open.
///
/// What few series keep beside the sums lies apart, so that the sums of all are plain bytes.
struct OpenWindows: ~Copyable, Sendable {
    private var sums: CacheLines<WindowSums>
    private(set) var openCount = 0
    /// Of a longer tier: no open window begins before; `.max` if none is.
    private(set) var earliestStart = Milliseconds.max
    /// Where the extras of a series lie; negative if it keeps none. Empty if none of them does.
    private var places: [Int32] = []
    private var extras: [WindowExtras?] = []

    init(_ shapes: [SeriesShape?]) {
        sums = CacheLines(repeating: .none, count: shapes.count)
        for (index, shape) in shapes.enumerated() {
            if shape?.keepsExtras ?? false { makePlace(index) }
            sums[index].needsMoreThanValue = !(shape?.needsValueAlone ?? false)
        }
    }

    private init(_ sums: consuming CacheLines<WindowSums>) { self.sums = sums }

    func copy() -> OpenWindows {
        var copied = OpenWindows(sums.copy())
        (copied.openCount, copied.earliestStart) = (openCount, earliestStart)
        (copied.places, copied.extras) = (places, extras)
        return copied
    }

    var count: Int { sums.count }

    private mutating func makePlace(_ index: Int) {
        if places.isEmpty { places = Array(repeating: -1, count: count) }
        places[index] = Int32(extras.count)
        extras.append(nil)
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

    /// Readings from one to the one whose window is asked for meanwhile: memory takes as long as some dozens of them.
    private static var ahead: Int { 48 }
    /// So many lie in a core's own cache, 512 KB: then asking takes longer than looking.
    private static var cached: Int { 8_192 }

    /// Asks for a window that is added to soon.
    @inline(__always)
    func prefetch(_ index: Int) {
        if index < count { sums.prefetch(index) }
    }

    /// Adds readings one after the other to windows of a minute, opening those that are not open, as long as each lies in the window
    /// of its series and its value is all.
    /// - Parameter times: of minutes that may be opened.
    /// - Returns: how many.
    @inline(__always)
    mutating func addValuesWithinMinute(
        _ readings: Slice<UnsafeBufferPointer<Reading>>, opening times: Range<Milliseconds>
    ) -> Int {
        let askedFor = count > Self.cached ? readings.count - Self.ahead : 0
        for (added, reading) in readings.enumerated() {
            let index = reading.series.index
            if added < askedFor { prefetch(readings[readings.startIndex + added + Self.ahead].series.index) }
            guard index < count, reading.quality != .bad else { return added }
            if sums[index].addValueWithinMinute(reading) { continue }
            guard times.contains(reading.time), sums[index].openMinute(with: reading) else { return added }
            openCount += 1
        }
        return readings.count
    }

    /// Opens a window of a minute, where none is, with its first reading.
    @inline(__always)
    mutating func open(
        _ reading: Reading, _ shape: SeriesShape, startingAt start: Milliseconds, at index: Int
    ) {
        let first = WindowSums(reading, shape.kind, startingAt: start)
        merge(first, WindowExtras(reading, shape), startingAt: start, at: index)
    }

    /// Merges a part, which may be a shorter window, into the window that begins at `start`, opening it if need be. No other
    /// is open.
    @inline(__always)
    mutating func merge(
        _ part: WindowSums, _ more: WindowExtras?, startingAt start: Milliseconds, at index: Int
    ) {
        let before = sums[index]
        if before.isEmpty {
            openCount += 1
            earliestStart = min(earliestStart, start)
            sums[index].open(with: part, startingAt: start)
        } else {
            assert(before.start == start, "the window before is closed first")
            sums[index].merge(part)
        }
        // What was stored while its measurement was of another kind brings extras, too.
        if more != nil || place(index) != nil { mergeExtras(more ?? WindowExtras(of: part), before, index) }
    }

    @inline(never)
    private mutating func mergeExtras(_ more: WindowExtras, _ before: WindowSums, _ index: Int) {
        if place(index) == nil { makePlace(index) }
        guard let place = place(index) else { return }
        guard !before.isEmpty else {
            extras[place] = more
            return
        }
        if extras[place] == nil { extras[place] = WindowExtras(of: before) }
        extras[place]?.merge(more)
    }

    /// - Returns: the sums of the window, which is open no more.
    @inline(__always)
    mutating func takeSums(at index: Int) -> WindowSums {
        openCount -= 1
        var taken = sums[index]
        taken.needsMoreThanValue = false
        sums[index].clear()
        return taken
    }

    /// To be taken with the sums: the next window has its own.
    @inline(__always)
    mutating func takeExtras(at index: Int) -> WindowExtras? {
        guard let place = place(index) else { return nil }
        return extras[place].take()
    }

    /// Looks through them for the earliest that is open.
    mutating func findEarliestStart() {
        earliestStart = .max
        for index in 0..<count where isOpen(at: index) {
            earliestStart = min(earliestStart, start(at: index))
        }
    }
}
