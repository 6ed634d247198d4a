/// What a `state` series said and when, within one window: enough to know the time in each state in any order of arrival.
package struct StateHistory: Sendable, Equatable {
    package struct Point: BitwiseCopyable, Sendable, Equatable {
        package var time: Milliseconds
        package var value: Double
        package init(time: Milliseconds, value: Double) {
            self.time = time
            self.value = value
        }
    }

    /// A day at one report a minute, twice over. Beyond it, repeats of a state are thinned out: changes are what counts.
    package static let maximumPoints = 2_880

    /// Ascending by time.
    package private(set) var points: [Point] = []

    package init() {}

    package mutating func add(_ time: Milliseconds, _ value: Double) {
        let point = Point(time: time, value: value)
        if let last = points.last, last.time > time {
            let position = points.firstIndex { $0.time > time } ?? points.endIndex
            points.insert(point, at: position)
        } else {
            points.append(point)
        }
        if points.count > Self.maximumPoints { keepChanges() }
    }

    package mutating func merge(_ other: StateHistory) {
        for point in other.points { add(point.time, point.value) }
    }

    private mutating func keepChanges() {
        var kept: [Point] = []
        for point in points where kept.last?.value != point.value { kept.append(point) }
        // Still too many: the oldest go, and the time they cover is no longer told.
        points = kept.count > Self.maximumPoints ? Array(kept.suffix(Self.maximumPoints / 2)) : kept
    }

    /// Milliseconds in each state from the first report to `end`, ascending by state. The time before the first report is
    /// unknown to this window and counted in none.
    package func timeInState(until end: Milliseconds) -> [(value: Double, time: Milliseconds)] {
        var times: [Double: Milliseconds] = [:]
        for (index, point) in points.enumerated() {
            let until = index + 1 < points.count ? points[index + 1].time : end
            times[point.value, default: 0] += max(until - point.time, 0)
        }
        return times.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// Times as differences, values as whole numbers (states are small enumerations; others are kept as bits).
    package func encode() -> [UInt8] {
        var bytes: [UInt8] = []
        var before: Milliseconds = 0
        for point in points {
            VariableInteger.append(signed: point.time - before, to: &bytes)
            before = point.time
            if let whole = Int64(exactly: point.value), whole >= 0, whole < 1 << 32 {
                VariableInteger.append(UInt64(whole) << 1, to: &bytes)
            } else {
                VariableInteger.append(1, to: &bytes)
                VariableInteger.append(point.value.bitPattern, to: &bytes)
            }
        }
        return bytes
    }

    /// nil if `bytes` are not of `encode()`.
    package init?(decoding bytes: [UInt8]) {
        var at = 0
        var time: Milliseconds = 0
        while at < bytes.count {
            guard let step = VariableInteger.takeSigned(bytes, &at),
                let code = VariableInteger.take(bytes, &at)
            else {
                return nil
            }
            time += step
            if code & 1 == 0 {
                points.append(Point(time: time, value: Double(code >> 1)))
            } else {
                guard let bits = VariableInteger.take(bytes, &at) else { return nil }
                points.append(Point(time: time, value: Double(bitPattern: bits)))
            }
        }
    }
}
