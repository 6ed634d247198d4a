/// What the windows of few series keep beside their sums. One reference, so that where there is none nothing is counted.
///
/// A value: what is shared is copied before it is changed.
struct WindowExtras: Sendable, Equatable {
    /// `@unchecked Sendable`: changed only where nobody else refers to it.
    private final class Kept: @unchecked Sendable {
        var weight: Double
        var detail: RollupDetail

        init(_ weight: Double, _ detail: RollupDetail) {
            self.weight = weight
            self.detail = detail
        }
    }

    private var kept: Kept

    init(weight: Double, detail: RollupDetail) { kept = Kept(weight, detail) }

    /// Of a window with its first reading; nil if its series keeps none.
    @inline(__always)
    init?(_ reading: Reading, _ shape: SeriesShape) {
        guard shape.keepsExtras else { return nil }
        self.init(weight: 0, detail: shape.emptyDetail)
        add(reading, shape.kind)
    }

    /// Of a window that has none: it weighs as much as it has readings.
    init(of sums: WindowSums) { self.init(weight: Double(sums.count), detail: .none) }

    /// As `Accumulator` has it.
    var weight: Double { kept.weight }
    var detail: RollupDetail { kept.detail }

    mutating func add(_ reading: Reading, _ kind: MeasurementKind) {
        own()
        kept.weight += reading.weighed(as: kind)
        kept.detail.add(reading)
    }

    mutating func merge(_ other: WindowExtras) {
        own()
        kept.weight += other.weight
        kept.detail.merge(other.detail)
    }

    private mutating func own() {
        if !isKnownUniquelyReferenced(&kept) { kept = Kept(weight, detail) }
    }

    static func == (left: WindowExtras, right: WindowExtras) -> Bool {
        left.weight == right.weight && left.detail == right.detail
    }
}
