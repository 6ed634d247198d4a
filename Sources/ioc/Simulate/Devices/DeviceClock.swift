import Telemetry

/// Gives every reading of a device a time of its own, on the grid its payloads can show.
struct DeviceClock {
    struct Times {
        var first: Milliseconds
        var spacing: Milliseconds
        var count: Int
    }

    private let time: TimeWriter
    private let grid: Milliseconds
    private let cadence: Milliseconds
    private let records: Int
    /// Arrival stamps the readings, so that the device's time is nobody's.
    private let isStampedOnArrival: Bool
    /// A message number already tells late messages apart.
    private let remembersLate: Bool
    private var last = Milliseconds.min
    private var late: Set<Milliseconds> = []

    init(_ speech: ProfileSpeech, cadence: Milliseconds) {
        time = speech.plan.time
        grid = speech.grid
        self.cadence = max(cadence, 1)
        records = speech.records(cadence: cadence)
        isStampedOnArrival = !speech.plan.carriesTime
        remembersLate = !speech.plan.carriesSequence
    }

    /// How far a clock may run ahead to keep its times apart.
    private static let lead = Span.second
    /// Late times are forgotten beyond the longest time a message is held back.
    private static let memory = 40 * Span.minute

    /// The times of the next message's records; nil if that would be ahead of `now`.
    mutating func times(now: Milliseconds, lag: Milliseconds?) -> Times? {
        if isStampedOnArrival { return Times(first: now, spacing: 0, count: 1) }
        if let lag { return lateTime(now - lag, now: now) }
        var newest = time.floor(now, step: grid)
        if last != .min, newest <= last {
            newest = last + grid
            guard newest <= now + Self.lead else { return nil }
        }
        let gap = last == .min ? cadence : min(newest - last, cadence)
        let count = min(records, max(Int(gap / grid), 1))
        let spacing = gap / Int64(count) / grid * grid
        last = newest
        return Times(first: newest - Int64(count - 1) * spacing, spacing: spacing, count: count)
    }

    /// Held-back messages stand on the odd times of the grid, live ones on the even ones.
    private mutating func lateTime(_ time: Milliseconds, now: Milliseconds) -> Times? {
        let odd = self.time.floor(time, step: grid) + grid / 2
        if remembersLate {
            guard late.insert(odd).inserted else { return nil }
            if late.count > 4_096 { late = late.filter { $0 > now - Self.memory } }
        }
        return Times(first: odd, spacing: 0, count: 1)
    }
}
