import Telemetry

/// The readings of a city, the same on both sides (`peer/city.hpp`): devices of four series that report every ten seconds,
/// in a shuffled order, with clocks up to a second and a half behind; one message in 4096 comes three minutes late.
struct City {
    static let start: Milliseconds = 1_767_571_200_000
    static let interval: Milliseconds = 10_000
    static let measurements = 4
    private static let lateness: Milliseconds = 180_000

    let devices: Int
    private let order: [UInt32]
    private let values: [Double]
    private let delays: [Milliseconds]
    private var device = 0
    private var message: UInt64 = 0
    private var sweepStart = City.start

    /// - Parameter series: a multiple of 20, so that a sweep of the devices has a fifth.
    init(series: Int) {
        devices = series / Self.measurements
        var random = SplitMix(state: UInt64(series))
        var order = (0..<UInt32(devices)).map { $0 }
        for last in stride(from: devices - 1, to: 0, by: -1) {
            order.swapAt(last, Int(random.next() % UInt64(last + 1)))
        }
        self.order = order
        values = (0..<4_096).map { _ in Double(200 + random.next() % 100) / 10 }
        delays = (0..<4_096).map { _ in Milliseconds(random.next() % 1_500) }
    }

    /// Readings until the minute that begins at `start` may be closed: its six sweeps, and a fifth of the next for the grace
    /// of two seconds. Each further minute is six sweeps on.
    var untilFirstClose: Int { (6 * devices + devices / 5) * Self.measurements }
    var untilNextClose: Int { 6 * devices * Self.measurements }

    struct Message {
        fileprivate let first: UInt32
        fileprivate let time: Milliseconds
        fileprivate let key: Int
    }

    @inline(__always)
    func reading(_ measurement: Int, of message: Message) -> Reading {
        Reading(
            series: SeriesID(message.first + UInt32(measurement)), time: message.time,
            value: values[(message.key &* 7 &+ measurement &* 131) & 4_095])
    }

    @inline(__always)
    mutating func next() -> Message {
        let key = Int(message & 4_095)
        var time = sweepStart + Milliseconds(device) * Self.interval / Milliseconds(devices) - delays[key]
        if key == 4_095 { time -= Self.lateness }
        let next = Message(first: order[device] * UInt32(Self.measurements), time: time, key: key)
        message += 1
        device += 1
        if device == devices {
            device = 0
            sweepStart += Self.interval
        }
        return next
    }
}

/// Steele, Lea, Flood: "Fast splittable pseudorandom number generators" (OOPSLA 2014).
struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
