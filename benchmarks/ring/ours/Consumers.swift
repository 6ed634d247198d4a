import Ring
import Telemetry

/// Takes readings out of the ring and says what they came to.
protocol Consumer {
    mutating func take(from ring: Ring<Reading>) -> Int
    mutating func finish() -> UInt64
}

/// Only looks at every reading: what the ring alone costs.
struct Summing: Consumer {
    private var hash: UInt64 = 0

    @inline(__always)
    mutating func take(from ring: Ring<Reading>) -> Int {
        ring.take(upTo: .max) { readings in
            for reading in readings {
                hash =
                    hash &+ reading.value.bitPattern ^ UInt64(bitPattern: reading.time)
                    &+ UInt64(reading.series.rawValue)
            }
        }
    }

    mutating func finish() -> UInt64 { hash }
}

/// What the drain does: every reading into its window, every minute closed when its time has come.
struct Aggregating: Consumer {
    private var aggregator: Aggregator
    private var closed = Rollups()
    private var untilClose: Int
    private let untilNextClose: Int
    private var nextEnd = City.start + Span.minute
    private var hash: UInt64 = 0

    init(series: Int, city: City) {
        aggregator = Aggregator(
            shapes: Array(repeating: SeriesShape(kind: .gauge), count: series), zone: .utc,
            closedThrough: City.start)
        untilClose = city.untilFirstClose
        untilNextClose = city.untilNextClose
    }

    @inline(__always)
    mutating func take(from ring: Ring<Reading>) -> Int {
        let taken = ring.take(upTo: untilClose) { readings in
            aggregator.add(readings)
        }
        untilClose -= taken
        if untilClose == 0 {
            close(through: nextEnd)
            nextEnd += Span.minute
            untilClose = untilNextClose
        }
        return taken
    }

    private mutating func close(through end: Milliseconds) {
        aggregator.close(through: end, into: &closed)
        for index in closed.indices { hash = hash &+ closed.trace(at: index) }
        let amended = aggregator.takeAmendments()
        for index in amended.indices { hash = hash &+ amended.trace(at: index) }
    }

    /// Closes what is open at every tier.
    mutating func finish() -> UInt64 {
        close(through: nextEnd + 2 * Span.day)
        return hash
    }
}

extension Rollups {
    /// A number of all there is in a window; the traces of many may be added in any order.
    fileprivate func trace(at index: Int) -> UInt64 {
        var trace = UInt64(series(at: index).rawValue) << 2 | UInt64(tier(at: index).rawValue)
        func mix(_ part: UInt64) { trace = (trace ^ part) &* 0x9E37_79B9_7F4A_7C15 &+ part >> 32 }
        let accumulator = accumulator(at: index)
        mix(UInt64(bitPattern: start(at: index)))
        mix(UInt64(bitPattern: accumulator.count))
        mix(accumulator.minimum.bitPattern)
        mix(accumulator.maximum.bitPattern)
        mix(accumulator.sum.bitPattern)
        mix(accumulator.sumOfSquares.bitPattern)
        mix(UInt64(bitPattern: accumulator.firstTime))
        mix(accumulator.first.bitPattern)
        mix(UInt64(bitPattern: accumulator.lastTime))
        mix(accumulator.last.bitPattern)
        return trace
    }
}
