/// How far a value can be trusted.
public enum Quality: UInt8, BitwiseCopyable, Sendable, CaseIterable {
    case good = 0
    case uncertain = 1
    /// Outside the measurement's hard limits: kept in the journal, left out of rollups.
    case bad = 2
}

/// One value of one series at one time: what travels through the ring.
///
/// Public for the reason `Ring` is: made and read in every module of the hot path, it must be inlined there.
public struct Reading: BitwiseCopyable, Sendable, Equatable {
    /// Event time, as the device gave it (or arrival, where it gives none).
    public var time: Milliseconds
    /// The value in the measurement's unit; for `ratio` the numerator.
    public var value: Double
    /// For `ratio` the denominator, for `counter` the increase since the reading before, else 1.
    public var weight: Double
    public var series: SeriesID
    public var quality: Quality
    /// Kept by its sender while nobody listened: stored, but no reason for an alert.
    public var isHistorical = false

    @inlinable
    public init(
        series: SeriesID, time: Milliseconds, value: Double, weight: Double = 1, quality: Quality = .good
    ) {
        self.series = series
        self.time = time
        self.value = value
        self.weight = weight
        self.quality = quality
    }
}
