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
    package var series: SeriesID
    package var tier: Tier
    package var start: Milliseconds
    package var accumulator: Accumulator
    package var detail: RollupDetail

    package init(
        series: SeriesID, tier: Tier, start: Milliseconds, accumulator: Accumulator,
        detail: RollupDetail = .none
    ) {
        self.series = series
        self.tier = tier
        self.start = start
        self.accumulator = accumulator
        self.detail = detail
    }

    package mutating func merge(_ other: Rollup) {
        accumulator.merge(other.accumulator)
        detail.merge(other.detail)
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

    var keepsDetail: Bool { kind == .state || keepsQuantiles }

    @inline(__always)
    var emptyDetail: RollupDetail {
        if kind == .state { return .states(StateHistory()) }
        return keepsQuantiles ? .quantiles(QuantileSketch()) : .none
    }
}
