import Testing

@testable import Telemetry

@Suite("Figures of a sliding window")
struct SlidingWindowTests {
    /// One reading a minute, each a closed window of its own.
    private func value(
        _ values: [Double?], _ figure: AlertFigure, length: Int64 = 60, quantiles: Bool = false
    )
        throws -> Double?
    {
        let window = try #require(AlertWindow(length: length * Span.minute, figure: figure))
        var sliding = SlidingWindow()
        for (minute, value) in values.enumerated() {
            guard let value else { continue }
            let start = Milliseconds(minute) * Span.minute
            var sum = Accumulator()
            sum.add(Reading(series: SeriesID(0), time: start + 30_000, value: value), kind: .gauge)
            var sketch = QuantileSketch()
            sketch.add(value)
            sliding.add(
                Rollup(
                    series: SeriesID(0), tier: .minute, start: start, accumulator: sum,
                    detail: .quantiles(sketch)),
                length: window.length, keepsDetail: quantiles)
        }
        return sliding.value(window, zone: .utc)
    }

    @Test(
        "of a window's readings",
        arguments: [
            (.range, 5), (.change, -2), (.rate, -40), (.min, 1), (.max, 6), (.last, 2), (.count, 4),
            (.sum, 13),
        ] as [(Statistic, Double)])
    func statistics(_ statistic: Statistic, _ wanted: Double) throws {
        #expect(try value([4, 1, 6, 2], .statistic(statistic)) == wanted)
    }

    @Test("one reading does not change, and has no rate")
    func alone() throws {
        #expect(try value([4], .statistic(.change)) == nil)
        #expect(try value([4], .statistic(.rate)) == nil)
        #expect(try value([4], .statistic(.range)) == 0)
    }

    @Test("what lies before the window falls out of it")
    func slides() throws {
        #expect(try value([100, 1, 2, 3, 4], .statistic(.max), length: 4) == 4)
    }

    /// - Parameter readings: value and weight of each.
    private func rollup(_ minute: Int64, _ kind: MeasurementKind, _ readings: [(Double, Double)]) -> Rollup {
        var sum = Accumulator()
        for (index, reading) in readings.enumerated() {
            sum.add(
                Reading(
                    series: SeriesID(0), time: minute * Span.minute + Milliseconds(index), value: reading.0,
                    weight: reading.1), kind: kind)
        }
        return Rollup(series: SeriesID(0), tier: .minute, start: minute * Span.minute, accumulator: sum)
    }

    @Test("late parts are merged, of a window it has or one it had not, and what is older than it is none")
    func late() throws {
        let window = try #require(AlertWindow(length: 3 * Span.minute, statistic: .sum))
        var sliding = SlidingWindow()
        for (minute, value) in [(5, 1.0), (7, 2), (5, 4), (6, 8), (4, 16)] as [(Int64, Double)] {
            sliding.add(rollup(minute, .gauge, [(value, 1)]), length: window.length, keepsDetail: false)
        }
        #expect(sliding.value(window, zone: .utc) == 15)
        #expect(sliding.count == 4)
        #expect(sliding.newest == 7 * Span.minute)
        sliding.add(rollup(9, .gauge, [(32, 1)]), length: window.length, keepsDetail: false)
        #expect(sliding.value(window, zone: .utc) == 34)
    }

    @Test(
        "a ratio is weighed by its denominators, beside parts that were of another kind, in whatever order they come"
    )
    func weights() throws {
        let window = try #require(AlertWindow(length: 5 * Span.minute, statistic: .mean))
        let parts = [
            rollup(1, .gauge, [(2, 1), (4, 1)]), rollup(2, .ratio, [(10, 100)]),
            rollup(3, .ratio, [(30, 50)]),
            rollup(3, .ratio, [(60, 48)]), rollup(2, .gauge, [(8, 1)]),
        ]
        for rotation in parts.indices {
            var sliding = SlidingWindow()
            for part in parts[rotation...] + parts[..<rotation] {
                sliding.add(part, length: window.length, keepsDetail: false)
            }
            #expect(sliding.value(window, zone: .utc) == 114.0 / 201)
        }
    }

    @Test("quantiles come of the sketches, and only where they are kept")
    func quantiles() throws {
        let values = (1...100).map { Double($0) }
        let p85 = try #require(try value(values, .statistic(.p85), length: 120, quantiles: true))
        #expect(abs(p85 - 85) <= 85 * 0.021)
        #expect(try value(values, .statistic(.p85), length: 120) == nil)
    }

    @Test("a flat line spans half of the window with three readings or more")
    func flat() throws {
        #expect(try value([3, 3, 3, 3], .flatness, length: 6) == 0)
        #expect(try value([3, 3, 3.25, 3], .flatness, length: 6) == 0.25)
        #expect(try value([3, 3, 3], .flatness, length: 6) == nil)
        #expect(try value([3, nil, nil, nil, 3], .flatness, length: 6) == nil)
    }

    @Test("a line is followed to its level, in the direction that is asked for")
    func forecast() throws {
        let rising: [Double?] = [1, 1.1, 1.2, 1.3]
        // 0.1 a minute, 0.6 to go.
        let hours = try #require(try value(rising, .hours(until: 1.9, isRising: true)))
        #expect(abs(hours - 0.1) < 1e-9)
        #expect(try value(rising, .hours(until: 1.25, isRising: true)) == 0)
        #expect(try value(rising, .hours(until: 0, isRising: false)) == AlertFigure.farthest)
        #expect(try value([2, 2, 2, 2], .hours(until: 3, isRising: true)) == AlertFigure.farthest)
        let falling = try #require(try value([1.3, 1.2, nil, 1], .hours(until: 0.4, isRising: false)))
        #expect(abs(falling - 0.1) < 1e-9)
        #expect(try value([1, 1.1], .hours(until: 3, isRising: true)) == nil)
    }
}
