/// The mergeable sum of a window's readings: what every rollup has.
package struct Accumulator: BitwiseCopyable, Sendable, Equatable {
    package var count: Int64 = 0
    package var minimum = Double.infinity
    package var maximum = -Double.infinity
    /// Of values; of increases for `counter`; of numerators for `ratio`.
    package var sum = 0.0
    package var sumOfSquares = 0.0
    /// Number of readings, or sum of denominators for `ratio`: `sum / weight` is the mean.
    package var weight = 0.0
    package var firstTime = Milliseconds.max
    package var first = 0.0
    package var lastTime = Milliseconds.min
    package var last = 0.0

    @inlinable package init() {}

    @inlinable package var isEmpty: Bool { count == 0 }

    /// nil if nothing was added.
    package var mean: Double? { weight > 0 ? sum / weight : nil }

    @inline(__always)
    package mutating func add(_ reading: Reading, kind: MeasurementKind) {
        let shown = reading.shown(as: kind)
        count += 1
        minimum = min(minimum, shown)
        maximum = max(maximum, shown)
        sumOfSquares += shown * shown
        sum += reading.summed(as: kind)
        weight += reading.weighed(as: kind)
        if reading.time < firstTime {
            firstTime = reading.time
            first = shown
        }
        if reading.time > lastTime {
            lastTime = reading.time
            last = shown
        }
    }

    @inline(__always)
    package mutating func merge(_ other: Accumulator) {
        count += other.count
        minimum = min(minimum, other.minimum)
        maximum = max(maximum, other.maximum)
        sum += other.sum
        sumOfSquares += other.sumOfSquares
        weight += other.weight
        if other.firstTime < firstTime {
            firstTime = other.firstTime
            first = other.first
        }
        if other.lastTime > lastTime {
            lastTime = other.lastTime
            last = other.last
        }
    }
}
