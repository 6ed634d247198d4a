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

    /// Those of one series in the order they came.
    var readings: [Reading] = []
    /// Of the commit of each reading: the clock of the transaction, rounded down.
    var seconds: [Int64] = []
    /// In order, each once.
    var heard: [Heard] = []
    /// The last commit of each second, in order: at a commit a second or less, all of them.
    var moments: [Milliseconds] = []

    static func second(_ time: Milliseconds) -> Int64 { time.floorDivided(by: 1_000).quotient }

    /// - Parameter commits: to be added in order.
    init(of commits: [(messages: [AcceptedMessage], readings: [Reading], at: Milliseconds)] = []) {
        for commit in commits { add(commit.messages, commit.readings, at: commit.at) }
        deduplicate()
    }

    /// Adds a commit; `deduplicate` afterwards.
    mutating func add(_ messages: [AcceptedMessage], _ readings: [Reading], at: Milliseconds) {
        let second = Self.second(at)
        self.readings.append(contentsOf: readings)
        seconds.append(contentsOf: repeatElement(second, count: readings.count))
        heard.append(contentsOf: messages.map { Heard(device: $0.device, second: second) })
        moments.append(at)
    }

    /// Adds what came next; `deduplicate` afterwards.
    mutating func add(_ other: JournalStretch) {
        readings.append(contentsOf: other.readings)
        seconds.append(contentsOf: other.seconds)
        heard.append(contentsOf: other.heard)
        moments.append(contentsOf: other.moments)
    }

    /// Says once what was added several times.
    mutating func deduplicate() {
        heard = Set(heard).sorted()
        moments = Dictionary(moments.map { (Self.second($0), $0) }, uniquingKeysWith: max).values.sorted()
    }

    /// Places of the readings, by series.
    func order() -> [Int] { Self.order(readings.map { Int($0.series.rawValue) }).map(\.place) }

    /// Second by second: who was heard, and what came, in order of time.
    func forEachSecond(_ body: ([AcceptedMessage], [Reading], _ at: Milliseconds) throws -> Void) rethrows {
        let ranks = Dictionary(
            moments.enumerated().map { (Self.second($1), $0) }, uniquingKeysWith: { first, _ in first })
        let comes = Self.order(seconds.map { ranks[$0] ?? 0 })
        let speaks = Self.order(heard.map { ranks[$0.second] ?? 0 })
        var (nextReading, nextHeard) = (0, 0)
        for (rank, at) in moments.enumerated() {
            var (messages, readings): ([AcceptedMessage], [Reading]) = ([], [])
            while nextReading < comes.count, comes[nextReading].rank == rank {
                readings.append(self.readings[comes[nextReading].place])
                nextReading += 1
            }
            while nextHeard < speaks.count, speaks[nextHeard].rank == rank {
                messages.append(Self.message(of: heard[speaks[nextHeard].place].device, at: at))
                nextHeard += 1
            }
            try body(messages, readings.sorted { $0.time < $1.time }, at)
        }
    }

    /// Places by what has which rank, and then by place.
    private static func order(_ ranks: [Int]) -> [(rank: Int, place: Int)] {
        var keys = ranks.enumerated().map { UInt64($1) << 32 | UInt64($0) }
        keys.sort()
        return keys.map { (Int($0 >> 32), Int($0 & 0xFFFF_FFFF)) }
    }

    /// A word of each device that was heard: of numbers and bytes nothing is known any more.
    var messages: [AcceptedMessage] {
        let moments = Dictionary(moments.map { (Self.second($0), $0) }, uniquingKeysWith: max)
        return heard.map { Self.message(of: $0.device, at: moments[$0.second] ?? $0.second * 1_000) }
    }

    private static func message(of device: DeviceID, at: Milliseconds) -> AcceptedMessage {
        AcceptedMessage(device: device, sequence: -1, fingerprint: 0, arrival: at, newestTime: .min)
    }
}
