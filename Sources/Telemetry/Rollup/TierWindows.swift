/// The open windows of every tier; of the minutes the newest of each series.
///
/// A value: what is shared is copied before it is changed. That is asked here, once for a run of readings, and not by each array within.
struct TierWindows: Sendable {
    /// `@unchecked Sendable`: `first` has an element for each tier, all of them set, and is changed only where nobody else refers
    /// to it.
    private final class Tiers: @unchecked Sendable {
        let first = UnsafeMutablePointer<OpenWindows>.allocate(capacity: Tier.allCases.count)

        init(_ windows: (Tier) -> OpenWindows) {
            for tier in Tier.allCases { (first + tier.rawValue).initialize(to: windows(tier)) }
        }

        deinit {
            first.deinitialize(count: Tier.allCases.count)
            first.deallocate()
        }
    }

    private var tiers: Tiers

    init(_ shapes: [SeriesShape?]) { tiers = Tiers { _ in OpenWindows(shapes) } }

    subscript(tier: Tier) -> OpenWindows {
        @inline(__always) _read { yield tiers.first[tier.rawValue] }
        @inline(__always) _modify {
            own()
            yield &tiers.first[tier.rawValue]
        }
    }

    /// For work on many windows.
    /// - Parameter body: is given the first of the windows of all tiers, and keeps it no longer than it runs.
    @inline(__always)
    mutating func withAll<Result>(_ body: (UnsafeMutablePointer<OpenWindows>) -> Result) -> Result {
        own()
        return body(tiers.first)
    }

    @inline(__always)
    private mutating func own() {
        if !isKnownUniquelyReferenced(&tiers) { copy() }
    }

    @inline(never)
    private mutating func copy() {
        let shared = tiers
        tiers = Tiers { shared.first[$0.rawValue].copy() }
    }
}
