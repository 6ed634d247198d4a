import Telemetry

/// The readings of a message of several devices, put together by device. Used again for every message.
struct DeviceParts {
    struct Part {
        var slot: Int
        var readings: Range<Int>
        var message: DecodedMessage
    }

    /// One for each device, after `group`.
    private(set) var parts: [Part] = []
    /// In the order of `parts`, after `group`.
    private(set) var readings: [Reading] = []
    private var found: [Part] = []
    private var unordered: [Reading] = []

    mutating func begin() {
        parts.removeAll(keepingCapacity: true)
        readings.removeAll(keepingCapacity: true)
        found.removeAll(keepingCapacity: true)
        unordered.removeAll(keepingCapacity: true)
    }

    /// Takes what one profile read of the message, and gives it its series.
    mutating func add(_ scratch: DecodeScratch, _ router: Router) {
        let start = unordered.count
        for (index, part) in scratch.parts.enumerated() {
            let end = index + 1 < scratch.parts.count ? scratch.parts[index + 1].first : scratch.count
            let slot = Int(part.device)
            let firstSeries = router.firstSeries(ofSlot: slot)
            for var reading in scratch.decoded[part.first..<end] {
                reading.series = router.series[firstSeries + reading.series.index]
                unordered.append(reading)
            }
            found.append(Part(slot: slot, readings: start + part.first..<start + end, message: part.message))
        }
    }

    var isEmpty: Bool { found.isEmpty }

    /// Whether every part says when it is of.
    var haveTimes: Bool { found.allSatisfy(\.message.hasTime) }

    /// Puts together what belongs to one device, in the order it came: its numbers and repeats are kept by message.
    mutating func group() {
        found.sort { ($0.slot, $0.readings.lowerBound) < ($1.slot, $1.readings.lowerBound) }
        for var part in found {
            let start = readings.count
            readings.append(contentsOf: unordered[part.readings])
            if let last = parts.indices.last, parts[last].slot == part.slot {
                parts[last].readings = parts[last].readings.lowerBound..<readings.count
                parts[last].message.merge(part.message)
            } else {
                part.readings = start..<readings.count
                parts.append(part)
            }
        }
    }
}
