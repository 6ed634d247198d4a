/// One closing: takes the windows that have ended out of the open ones, and merges each into the open window of the next tier.
struct Closing: ~Copyable {
    /// The first of the windows of all tiers.
    private let open: UnsafeMutablePointer<OpenWindows>
    private let zone: ZoneOffsets
    private var longer = Rollups()
    /// The minute closed last, and the quarter of an hour it is in.
    private var minute = Milliseconds.min
    private var quarter = Milliseconds.min
    /// How many minutes were another than the one closed before.
    private var turns = 0

    /// - Parameter open: one for each tier, of which nobody else knows until the closing is over.
    init(_ open: UnsafeMutablePointer<OpenWindows>, zone: ZoneOffsets) {
        self.open = open
        self.zone = zone
    }

    /// Takes every minute that ends by `target` and merges it into its quarter of an hour.
    /// - Parameter aside: such minutes that are not the newest of their series, those of a series in order. They are older, so they
    ///   go first.
    /// - Parameter minutes: has none yet; then they are in order of start, then series.
    mutating func closeMinutes(
        endingBy target: Milliseconds, aside: borrowing Rollups, into minutes: inout Rollups
    ) {
        let newest = open + Tier.minute.rawValue
        minutes.reserveCapacity(max(aside.count, newest.pointee.openCount))
        let last = target - Span.minute
        let chains = SeriesChains(aside, seriesCount: newest.pointee.count)
        for index in 0..<newest.pointee.count {
            var place = chains.first(of: index)
            while let known = place {
                close(aside.series(at: known), aside.sums(at: known), aside.extras(at: known), into: &minutes)
                place = chains.next(after: known)
            }
            guard newest.pointee.isOpen(at: index), newest.pointee.start(at: index) <= last else { continue }
            let sums = newest.pointee.takeSums(at: index)
            close(SeriesID(UInt32(index)), sums, newest.pointee.takeExtras(at: index), into: &minutes)
        }
        // Nearly always all are one minute, and then they are in order.
        if turns > 1 { minutes.sort() }
    }

    @inline(__always)
    private mutating func close(
        _ series: SeriesID, _ sums: WindowSums, _ extras: WindowExtras?, into minutes: inout Rollups
    ) {
        // Most minutes that close together are the same one.
        if sums.start != minute {
            turns += 1
            minute = sums.start
            quarter = Tier.quarterHour.start(of: minute, in: zone)
        }
        pass(sums, extras, of: series, to: .quarterHour, startingAt: quarter)
        minutes.append(series, .minute, sums, extras)
    }

    /// Merges a closed window into the next tier, closing the window that stands in its way.
    @inline(__always)
    private mutating func pass(
        _ sums: WindowSums, _ extras: WindowExtras?, of series: SeriesID, to tier: Tier,
        startingAt start: Milliseconds
    ) {
        let windows = open + tier.rawValue
        if windows.pointee.stands(inTheWayOf: start, at: series.index) { closeOne(series, tier) }
        windows.pointee.merge(sums, extras, startingAt: start, at: series.index)
    }

    private mutating func closeOne(_ series: SeriesID, _ tier: Tier) {
        let sums = open[tier.rawValue].takeSums(at: series.index)
        let extras = open[tier.rawValue].takeExtras(at: series.index)
        if let next = tier.next {
            pass(
                sums, extras, of: series, to: next, startingAt: next.start(of: sums.start, in: zone))
        }
        longer.append(series, tier, sums, extras)
    }

    /// Takes every longer window that ends by `target`, and what was in the way of minutes.
    /// - Parameter closed: the minutes; longer windows follow in order of tier, start and series.
    mutating func closeLonger(through target: Milliseconds, into closed: inout Rollups) {
        for tier in Tier.allCases.dropFirst() where hasEnded(tier, by: target) {
            let windows = open + tier.rawValue
            // Most series have the same window open.
            var start = Milliseconds.min
            var end = Milliseconds.max
            for index in 0..<windows.pointee.count where windows.pointee.isOpen(at: index) {
                if windows.pointee.start(at: index) != start {
                    start = windows.pointee.start(at: index)
                    end = tier.end(of: start, in: zone)
                }
                if end <= target { closeOne(SeriesID(UInt32(index)), tier) }
            }
            windows.pointee.findEarliestStart()
        }
        longer.sort()
        closed.append(longer)
    }

    private func hasEnded(_ tier: Tier, by target: Milliseconds) -> Bool {
        let start = open[tier.rawValue].earliestStart
        return start < .max && tier.end(of: start, in: zone) <= target
    }
}
