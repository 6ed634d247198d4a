import Telemetry

/// Some time of the journal once nobody asks for single messages any more: each reading with the second of its commit, and
/// in which seconds devices were heard.
struct JournalStretch: Equatable {
    struct Heard: Hashable, Comparable {
        var device: DeviceID
        var second: Int64

        static func < (left: Heard, right: Heard) -> Bool {
            (left.device, left.second) < (right.device, right.second)
        }
    }

    var readings: [Reading] = []
    /// Of the commit of each reading: the clock of the transaction, rounded down.
    var seconds: [Int64] = []
    var heard: [Heard] = []

    static func second(_ time: Milliseconds) -> Int64 {
        time >= 0 ? time / 1_000 : ~(~time / 1_000)
    }

    mutating func add(_ messages: [AcceptedMessage], _ readings: [Reading], at: Milliseconds) {
        let second = Self.second(at)
        self.readings.append(contentsOf: readings)
        seconds.append(contentsOf: repeatElement(second, count: readings.count))
        heard.append(contentsOf: messages.map { Heard(device: $0.device, second: second) })
    }

    mutating func add(_ other: JournalStretch) {
        readings.append(contentsOf: other.readings)
        seconds.append(contentsOf: other.seconds)
        heard.append(contentsOf: other.heard)
    }

    /// Puts readings in order of their series, those of one series in the order they came; what was heard is said once.
    mutating func arrange() {
        var places = readings.enumerated().map { UInt64($1.series.rawValue) << 32 | UInt64($0) }
        places.sort()
        let order = places.map { Int($0 & 0xFFFF_FFFF) }
        readings = order.map { readings[$0] }
        seconds = order.map { seconds[$0] }
        heard = Set(heard).sorted()
    }

    /// Second by second: who was heard, and what came, in order of time.
    func forEachSecond(_ body: ([AcceptedMessage], [Reading], _ at: Milliseconds) throws -> Void) rethrows {
        let order = seconds.indices.sorted {
            (seconds[$0], readings[$0].time, $0) < (seconds[$1], readings[$1].time, $1)
        }
        let heard = heard.sorted { ($0.second, $0.device) < ($1.second, $1.device) }
        var (nextReading, nextHeard) = (0, 0)
        while nextReading < order.count || nextHeard < heard.count {
            let second = min(
                nextReading < order.count ? seconds[order[nextReading]] : .max,
                nextHeard < heard.count ? heard[nextHeard].second : .max)
            var (messages, readings): ([AcceptedMessage], [Reading]) = ([], [])
            while nextReading < order.count, seconds[order[nextReading]] == second {
                readings.append(self.readings[order[nextReading]])
                nextReading += 1
            }
            while nextHeard < heard.count, heard[nextHeard].second == second {
                messages.append(heard[nextHeard].message)
                nextHeard += 1
            }
            try body(messages, readings, second * 1_000)
        }
    }

    /// A word of each device that was heard: of numbers and bytes nothing is known any more.
    var messages: [AcceptedMessage] { heard.map(\.message) }
}

extension JournalStretch.Heard {
    fileprivate var message: AcceptedMessage {
        AcceptedMessage(
            device: device, sequence: -1, fingerprint: 0, arrival: second * 1_000, newestTime: .min)
    }
}
