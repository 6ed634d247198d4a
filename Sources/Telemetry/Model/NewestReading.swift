/// The newest reading of a series: what is shown of it, and what the next of a counter is compared with.
package struct NewestReading: BitwiseCopyable, Sendable {
    /// nil before the first. Of a counter the newest good one, and a bad one only as long as there is none.
    package private(set) var reading: Reading?

    package init(_ reading: Reading? = nil) { self.reading = reading }

    /// Readings older than this decide nothing any more; nil if there are none.
    package func evidenceTime(_ kind: MeasurementKind?) -> Milliseconds? {
        reading.flatMap { kind == .counter && $0.quality == .bad ? nil : $0.time }
    }

    /// Takes up a reading of the journal, which has its increase already.
    package mutating func restore(_ reading: Reading, kind: MeasurementKind?) {
        if isNewest(reading, kind) { self.reading = reading }
    }

    /// Notes a reading that is stored: how the newest is known, and the increase of a counter.
    /// - Returns: the reading as it goes on; for a counter with its increase.
    package mutating func note(_ reading: Reading, kind: MeasurementKind) -> Reading {
        var reading = reading
        let isNewest = isNewest(reading, kind)
        if kind == .counter {
            // A late reading adds nothing: the one after it already carried its increase. A bad one neither counts nor
            // is what the next is compared with.
            let before = self.reading.flatMap { $0.quality == .bad ? nil : $0.value } ?? reading.value
            let increase = reading.value >= before ? reading.value - before : reading.value
            reading.weight = isNewest && reading.quality != .bad ? increase : 0
        }
        if isNewest { self.reading = reading }
        return reading
    }

    private func isNewest(_ reading: Reading, _ kind: MeasurementKind?) -> Bool {
        guard let newest = self.reading else { return true }
        let isBad = reading.quality == .bad
        if kind == .counter, isBad != (newest.quality == .bad) { return !isBad }
        return reading.time > newest.time
    }
}
