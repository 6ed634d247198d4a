/// One closing: takes the windows that have ended out of the open ones, and merges each into the open window of the next tier.
struct Closing: ~Copyable {
    /// The first of the windows of all tiers.
    private let open: UnsafeMutablePointer<OpenWindows>
    private let zone: ZoneOffsets
    /// In order of start, then series.
    private var minutes = Rollups()
    private var longer = Rollups()

    /// - Parameter open: one for each tier, of which nobody else knows until the closing is over.
    init(_ open: UnsafeMutablePointer<OpenWindows>, zone: ZoneOffsets) {
        self.open = open
        self.zone = zone
    }

    /// What was closed, in order of tier, then start, then series.
    consuming func closed() -> Rollups {
        longer.sort()
        minutes.append(longer)
        return minutes
    }

    /// Takes every minute that ends by `target` and merges it into its quarter of an hour.
    /// - Parameter aside: such minutes that are not the newest of their series, in order of start, then series. They are older,
    ///   so they go first.
    mutating func closeMinutes(endingBy target: Milliseconds, aside: Rollups) {
        for place in aside.indices {
            let quarter = Tier.quarterHour.start(of: aside.start(at: place), in: zone)
            pass(
                aside.sums(at: place), aside.extras(at: place), of: aside.series(at: place),
                to: .quarterHour, startingAt: quarter)
        }
        let last = target - Span.minute
        let newest = open + Tier.minute.rawValue
        minutes.reserveCapacity(max(aside.count, newest.pointee.openCount))
        var next = 0
        // Most minutes that close together are the same one.
        var minute = Milliseconds.min
        var quarter = Milliseconds.min
        for index in 0..<newest.pointee.count where newest.pointee.isOpen(at: index) {
            let start = newest.pointee.start(at: index)
            guard start <= last else { continue }
            if start != minute {
                minute = start
                quarter = Tier.quarterHour.start(of: minute, in: zone)
            }
            let series = SeriesID(UInt32(index))
            while next < aside.count, (aside.start(at: next), aside.series(at: next)) < (minute, series) {
                minutes.append(aside, at: next)
                next += 1
            }
            let sums = newest.pointee.takeSums(at: index)
            let extras = newest.pointee.takeExtras(at: index)
            pass(sums, extras, of: series, to: .quarterHour, startingAt: quarter)
            minutes.append(series, .minute, sums, extras)
        }
        minutes.append(aside, from: next)
        minutes.sort()
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

    mutating func closeLonger(through target: Milliseconds) {
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
    }

    private func hasEnded(_ tier: Tier, by target: Milliseconds) -> Bool {
        let start = open[tier.rawValue].earliestStart
        return start < .max && tier.end(of: start, in: zone) <= target
    }
}
