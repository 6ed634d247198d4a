import Telemetry

/// Every window of every tier from all readings at once, with its own idea of when a local day begins.
struct NaiveRollups {
    private let zone: ZoneOffsets
    private let kinds: [SeriesID: Measurement]
    private var days: [Milliseconds: Milliseconds] = [:]

    init(city: SimulatedCity) {
        zone = city.zone
        var kinds: [SeriesID: Measurement] = [:]
        for device in city.devices.indices {
            for (index, measurement) in city.measurements(of: device).enumerated() {
                kinds[city.series(device, index)] = measurement
            }
        }
        self.kinds = kinds
    }

    struct Window: Equatable {
        var sum = Accumulator()
        var values: [Double] = []
        var points: [StateHistory.Point] = []
    }

    mutating func windows(_ readings: [Reading]) -> [SimulatedStore.RollupKey: Window] {
        var windows: [SimulatedStore.RollupKey: Window] = [:]
        for reading in readings where reading.quality != .bad {
            for tier in Tier.allCases {
                let key = SimulatedStore.RollupKey(
                    series: reading.series.rawValue, tier: tier, start: start(of: reading.time, tier))
                add(reading, kinds[reading.series]!.kind, to: &windows[key, default: Window()])
            }
        }
        return windows
    }

    private func add(_ reading: Reading, _ kind: MeasurementKind, to window: inout Window) {
        let shown = kind == .ratio ? reading.value / reading.weight : reading.value
        window.sum.count += 1
        window.sum.minimum = Swift.min(window.sum.minimum, shown)
        window.sum.maximum = Swift.max(window.sum.maximum, shown)
        window.sum.sum += kind == .counter ? reading.weight : reading.value
        window.sum.sumOfSquares += shown * shown
        window.sum.weight += kind == .ratio ? reading.weight : 1
        // Of several at one time the first to arrive.
        if reading.time < window.sum.firstTime {
            (window.sum.firstTime, window.sum.first) = (reading.time, shown)
        }
        if reading.time > window.sum.lastTime {
            (window.sum.lastTime, window.sum.last) = (reading.time, shown)
        }
        window.values.append(reading.value)
        window.points.append(.init(time: reading.time, value: reading.value))
    }

    /// Local clocks show a multiple of the tier's length; the day by walking back until the date changes.
    mutating func start(of time: Milliseconds, _ tier: Tier) -> Milliseconds {
        let offset = zone.offset(at: time)
        let length: Milliseconds =
            switch tier {
            case .minute: 60_000
            case .quarterHour: 900_000
            case .hour, .day: 3_600_000
            }
        let start = time - (time + offset).floorDivided(by: length).remainder
        guard tier == .day else { return start }
        if let known = days[start] { return known }
        var begin = start
        while date(begin - 1) == date(time) { begin -= 900_000 }
        days[start] = begin
        return begin
    }

    private mutating func end(of key: SimulatedStore.RollupKey) -> Milliseconds {
        switch key.tier {
        case .minute: key.start + 60_000
        case .quarterHour: key.start + 900_000
        case .hour: key.start + 3_600_000
        // Within the next day, whether this one has 23, 24 or 25 hours.
        case .day: start(of: key.start + 30 * Span.hour, .day)
        }
    }

    private func date(_ time: Milliseconds) -> Int64 {
        (time + zone.offset(at: time)).floorDivided(by: Span.day).quotient
    }

    /// What is wrong with the stored rows; nil if nothing is.
    /// - Parameters:
    ///   - closedThrough: windows that end later are open and have no row.
    ///   - everRetired: series whose windows closed while nobody knew any more that they keep quantiles.
    mutating func difference(
        _ stored: [SimulatedStore.RollupKey: Rollup], _ readings: [Reading], closedThrough: Milliseconds,
        everRetired: Set<UInt32>
    ) -> String? {
        let wanted = windows(readings).filter { end(of: $0.key) <= closedThrough }
        for (key, window) in wanted {
            guard let row = stored[key] else { return "no row for \(key), wanted \(window.sum)" }
            if row.accumulator != window.sum {
                return "\(key) holds \(row.accumulator), wanted \(window.sum)"
            }
            switch row.detail {
            case .states(let history):
                let order = { (one: StateHistory.Point, other: StateHistory.Point) in
                    (one.time, one.value) < (other.time, other.value)
                }
                if history.points.sorted(by: order) != window.points.sorted(by: order) {
                    return "\(key) holds states \(history.points), wanted \(window.points)"
                }
            case .quantiles(let sketch):
                var wanted = QuantileSketch()
                for value in window.values { wanted.add(value) }
                if sketch != wanted, !everRetired.contains(key.series) {
                    return "\(key) holds a sketch of \(sketch.count), wanted \(wanted.count)"
                }
            case .none:
                let measurement = kinds[SeriesID(key.series)]!
                let isExcused = measurement.kind != .state && everRetired.contains(key.series)
                if measurement.kind == .state || measurement.keepsQuantiles, !isExcused {
                    return "\(key) holds no detail"
                }
            }
        }
        for (key, row) in stored where wanted[key] == nil {
            return "a row too many: \(key) \(row.accumulator)"
        }
        return nil
    }
}
