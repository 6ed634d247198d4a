/// Whether a drain waits a little for more before it stores the next batch.
///
/// A transaction writes some seven pages and asks the disk once, however little is in it: four hundred sensors that report
/// in turn would otherwise have one each. A message that comes alone is stored at once; only what follows it waits.
struct CommitPace: Sendable {
    /// So many messages are worth a transaction of their own.
    static let enough = 8
    /// The longest wait: less than an operator sees, and a quarter of the transactions of four hundred messages a second.
    static let milliseconds = 10
    /// Where nothing came while it waited, so many small batches do not: a broker that sends one message at a time waits
    /// for its acknowledgement.
    static let patience = 16

    /// Messages of a batch, on an average in which each new one counts for an eighth.
    private var usual = 0.0
    private var hurried = 0

    /// - Parameter messages: of the batch that was stored last.
    mutating func waits(after messages: Int) -> Bool {
        guard messages > 0 else { return false }
        usual += (Double(messages) - usual) / 8
        // The rest of a burst is small, too, but its transactions are few.
        guard messages < Self.enough, usual < Double(Self.enough) else { return false }
        guard hurried == 0 else {
            hurried -= 1
            return false
        }
        return true
    }

    /// - Parameter messages: that are there after a wait.
    mutating func waited(_ messages: Int) {
        if messages == 0 { hurried = Self.patience }
    }
}
