/// What some measurements keep beside the accumulator.
package enum RollupDetail: Sendable, Equatable {
    case none
    case quantiles(QuantileSketch)
    case states(StateHistory)

    mutating func add(_ reading: Reading) {
        switch self {
        case .none: break
        case .quantiles(var sketch):
            self = .none
            sketch.add(reading.value)
            self = .quantiles(sketch)
        case .states(var history):
            self = .none
            history.add(reading.time, reading.value)
            self = .states(history)
        }
    }

    package mutating func merge(_ other: RollupDetail) {
        switch (self, other) {
        case (_, .none): break
        case (.none, _): self = other
        case (.quantiles(var sketch), .quantiles(let more)):
            sketch.merge(more)
            self = .quantiles(sketch)
        case (.states(var history), .states(let more)):
            history.merge(more)
            self = .states(history)
        // The measurement changed its kind under its old name: what it keeps now counts.
        default: self = other
        }
    }
}

/// A window of a series: mergeable with any other of the same series, in any order.
package struct Rollup: Sendable, Equatable {
    package let series: SeriesID
    package let tier: Tier
    private(set) var sums: WindowSums
    /// nil for a series that keeps sums alone.
    private(set) var extras: WindowExtras?

    @inline(__always)
    init(_ series: SeriesID, _ tier: Tier, _ sums: WindowSums, _ extras: WindowExtras?) {
        self.series = series
        self.tier = tier
        self.sums = sums
        self.extras = extras
    }

    /// - Parameter start: a whole minute.
    package init(
        series: SeriesID, tier: Tier, start: Milliseconds, accumulator: Accumulator,
        detail: RollupDetail = .none
    ) {
        let isSumsAlone = detail == .none && accumulator.weight == Double(accumulator.count)
        self.init(
            series, tier, WindowSums(accumulator, startingAt: start),
            isSumsAlone ? nil : WindowExtras(weight: accumulator.weight, detail: detail))
    }

    @inline(__always)
    package var start: Milliseconds { sums.start }
    @inline(__always)
    package var accumulator: Accumulator { sums.accumulator(weight: extras?.weight) }
    package var detail: RollupDetail { extras?.detail ?? .none }

    func isOfSameWindow(as other: Rollup) -> Bool {
        (series, tier, start) == (other.series, other.tier, other.start)
    }

    /// Merges what may be of a shorter window within this one.
    package mutating func merge(_ other: Rollup) {
        guard !other.sums.isEmpty else { return }
        guard !sums.isEmpty else {
            (sums, extras) = (other.sums.starting(at: start), other.extras)
            return
        }
        if extras != nil || other.extras != nil {
            if extras == nil { extras = WindowExtras(of: sums) }
            extras?.merge(other.extras ?? WindowExtras(of: other.sums))
        }
        sums.merge(other.sums)
    }
}

/// What the aggregator must know of a series.
package struct SeriesShape: Sendable, Equatable {
    package var kind: MeasurementKind
    package var keepsQuantiles: Bool

    package init(kind: MeasurementKind, keepsQuantiles: Bool = false) {
        self.kind = kind
        self.keepsQuantiles = keepsQuantiles
    }

    /// Whether its windows are more than their sums.
    @inline(__always)
    var keepsExtras: Bool { kind == .state || kind == .ratio || keepsQuantiles }

    /// Whether the value of a reading is all that its windows need.
    @inline(__always)
    var needsValueAlone: Bool { !keepsExtras && kind != .counter }

    @inline(__always)
    var emptyDetail: RollupDetail {
        if kind == .state { return .states(StateHistory()) }
        return keepsQuantiles ? .quantiles(QuantileSketch()) : .none
    }
}
