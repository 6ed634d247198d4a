/// What a host knows of one edge node (Sparkplug 3.0 section 6.4): a value that changes by its messages and nothing else.
struct SparkplugEdge: Sendable {
    /// A metric as its birth said it.
    struct Metric: Sendable {
        var name: Range<Int>
        var datatype: UInt32
    }

    /// The edge node itself, or one of its devices.
    struct Birth: Sendable {
        /// Empty for the node itself.
        let device: [UInt8]
        var isAlive = true
        fileprivate(set) var metrics: [Metric] = []
        fileprivate(set) var names: [UInt8] = []
        fileprivate var byName: [UInt64: Int] = [:]

        fileprivate init(device: [UInt8]) { self.device = device }
    }

    private(set) var isBorn = false
    /// Births, the node's own first.
    private(set) var births: [Birth] = []
    /// Unique over the node and its devices.
    private var aliases: [UInt64: (birth: Int, metric: Int)] = [:]
    /// Ties a death to the session it ends.
    private var birthNumber: UInt64?
    private var nextSequence: UInt8 = 0
    /// Numbers that were skipped and may still come.
    private var missing: Set<UInt8> = []
    /// When what is missing will not come any more.
    private(set) var deadline: Milliseconds?
    /// When it was asked to say its births again.
    var askedAt: Milliseconds?

    /// Of one edge node and its devices, each of which counts as one. A birth of 64 KiB has room for 5 000.
    static let maximumMetrics = 65_536
    /// Of their names: 128 for each.
    static let maximumNameBytes = 8 << 20
    private var metricCount = 0
    private var nameBytes = 0

    // MARK: Births and deaths

    /// The node says all anew: what was known of it and its devices holds no more.
    mutating func begin(sequence: UInt8, birthNumber: UInt64?) {
        isBorn = true
        self.birthNumber = birthNumber
        births = [Birth(device: [])]
        (metricCount, nameBytes) = (1, 0)
        aliases = [:]
        missing = []
        deadline = nil
        askedAt = nil
        nextSequence = sequence &+ 1
    }

    /// A device says all its metrics anew.
    /// - Returns: its place among the births; nil if there are too many.
    mutating func begin(device: UnsafeBufferPointer<UInt8>) -> Int? {
        guard let known = index(of: device) else {
            guard makeRoom(for: device.count) else { return nil }
            births.append(Birth(device: Array(device)))
            return births.count - 1
        }
        metricCount -= births[known].metrics.count
        nameBytes -= births[known].names.count
        births[known] = Birth(device: Array(device))
        aliases = aliases.filter { $0.value.birth != known }
        return known
    }

    /// - Returns: false if there is none for one more with a name of `bytes`.
    private mutating func makeRoom(for bytes: Int) -> Bool {
        guard metricCount < Self.maximumMetrics, nameBytes + bytes <= Self.maximumNameBytes else {
            return false
        }
        metricCount += 1
        nameBytes += bytes
        return true
    }

    /// - Returns: false if there are too many.
    mutating func add(_ metric: SparkplugMetric, to birth: Int, in bytes: UnsafePointer<UInt8>) -> Bool {
        let name = metric.name(in: bytes)
        guard makeRoom(for: name.count) else { return false }
        let start = births[birth].names.count
        births[birth].names.append(contentsOf: name)
        births[birth].byName[Self.hash(name)] = births[birth].metrics.count
        if let alias = metric.alias { aliases[alias] = (birth, births[birth].metrics.count) }
        births[birth].metrics.append(
            Metric(name: start..<births[birth].names.count, datatype: metric.datatype))
        return true
    }

    /// - Parameter birthNumber: of the will that was published; one of an older session is a late one and says nothing.
    /// - Returns: whether the node is gone.
    mutating func end(birthNumber: UInt64?) -> Bool {
        guard isBorn, birthNumber == self.birthNumber else { return false }
        isBorn = false
        deadline = nil
        missing = []
        return true
    }

    /// - Returns: whether the device was there.
    mutating func end(device: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let index = index(of: device), births[index].isAlive else { return false }
        births[index].isAlive = false
        return true
    }

    /// Nothing is known of it any more.
    mutating func forget() {
        let asked = askedAt
        self = SparkplugEdge()
        askedAt = asked
    }

    // MARK: Order

    /// Notes the number of a message; each has one of 0 to 255, over the node and all its devices.
    /// - Parameter patience: how long a missing one may be on its way.
    mutating func note(sequence: UInt8, now: Milliseconds, patience: Milliseconds) {
        if sequence == nextSequence {
            nextSequence &+= 1
        } else if missing.remove(sequence) != nil {
            if missing.isEmpty { deadline = nil }
        } else if sequence != nextSequence &- 1 {
            var number = nextSequence
            while number != sequence {
                missing.insert(number)
                number &+= 1
            }
            deadline = deadline ?? now + patience
            nextSequence = sequence &+ 1
        }
    }

    // MARK: Finding

    func index(of device: UnsafeBufferPointer<UInt8>) -> Int? {
        births.firstIndex { $0.device.elementsEqual(device) }
    }

    /// The birth of a metric, by its alias or, without one, by its name.
    func birth(of metric: SparkplugMetric, of birth: Int, in bytes: UnsafePointer<UInt8>) -> Int? {
        if let alias = metric.alias, let found = aliases[alias] {
            return found.birth == birth ? found.metric : nil
        }
        guard metric.hasName else { return nil }
        let name = metric.name(in: bytes)
        guard let index = births[birth].byName[Self.hash(name)] else { return nil }
        return births[birth].names[births[birth].metrics[index].name].elementsEqual(name) ? index : nil
    }

    /// FNV-1a. Two names of one hash are told apart by their bytes; the second of them is read by its alias alone.
    static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
        bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}
