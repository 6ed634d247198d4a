import Telemetry

/// What one message says, settled to what its wire can carry. One is used again for every message of a thread.
struct MessageDraft {
    /// A measurement as it was made up.
    struct Drawn {
        /// NaN leaves the field out.
        var value: Double
        /// Of a ratio, how many there are in all.
        var denominator = 1.0
    }

    var device: [UInt8] = []
    var sequence: Int64 = 0
    /// One per record.
    private(set) var times: [Milliseconds] = []
    /// Contents of all leaves, record after record.
    private var contents: [Int64] = []
    private var leafCount = 0

    var records: Int { times.count }

    mutating func begin(device: [UInt8], sequence: Int64, leaves: Int) {
        self.device = device
        self.sequence = sequence
        leafCount = leaves
        times.removeAll(keepingCapacity: true)
        contents.removeAll(keepingCapacity: true)
    }

    /// Adds a record that says `drawn` (one per measurement) as nearly as it can be written.
    mutating func addRecord(at time: Milliseconds, _ drawn: [Drawn], plan: PayloadPlan) {
        times.append(time)
        let start = contents.count
        contents.append(contentsOf: repeatElement(WireLeaf.absent, count: leafCount))
        contents.withUnsafeMutableBufferPointer { contents in
            plan.settle(drawn, into: UnsafeMutableBufferPointer(rebasing: contents[start...]))
        }
    }

    func withRecord<Result>(_ record: Int, _ body: (UnsafeBufferPointer<Int64>) -> Result) -> Result {
        contents.withUnsafeBufferPointer {
            body(UnsafeBufferPointer(rebasing: $0[record * leafCount..<(record + 1) * leafCount]))
        }
    }

    func content(_ leaf: Int, record: Int) -> Int64 { contents[record * leafCount + leaf] }
}
