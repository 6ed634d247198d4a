/// A text an operator reads, in both languages of the city.
package struct Title: Sendable, Equatable, Codable {
    package var vi: String
    package var en: String
    package init(vi: String, en: String) {
        self.vi = vi
        self.en = en
    }
}

/// What a series' values are, and so how they are rolled up.
package enum MeasurementKind: String, Sendable, CaseIterable, BitwiseCopyable {
    /// A level at a moment: temperature, occupancy.
    case gauge
    /// An amount since the reading before: vehicles counted. Summed.
    case delta
    /// A running total: its increase is summed; a fall is a reset.
    case counter
    /// One of a few words: time in each state.
    case state
    /// Numerator over denominator, summed apart so that a mean is never a mean of percentages.
    case ratio
}

/// One thing a kind of device measures.
package struct Measurement: Sendable {
    package var name: String
    package var title: Title
    package var unit: String
    package var kind: MeasurementKind
    /// Hard limits in `unit`; outside is `bad`.
    package var valid: ClosedRange<Double>?
    package var keepsQuantiles: Bool
    /// Words of a `state`, for showing numbers as the device said them.
    package var words: [(word: String, value: Double)]
    package var simulation: Simulation?

    package init(
        name: String, title: Title, unit: String, kind: MeasurementKind, valid: ClosedRange<Double>? = nil,
        keepsQuantiles: Bool = false, words: [(word: String, value: Double)] = [],
        simulation: Simulation? = nil
    ) {
        self.name = name
        self.title = title
        self.unit = unit
        self.kind = kind
        self.valid = valid
        self.keepsQuantiles = keepsQuantiles
        self.words = words
        self.simulation = simulation
    }
}
