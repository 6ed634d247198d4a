/// Whether a drain waits a little for more before it stores the next batch.
///
/// A transaction writes some seven pages and asks the disk once, however little is in it: four hundred sensors that report
/// in turn would otherwise have one each. A message that comes alone is stored at once; only what follows it waits.
struct CommitPace: Sendable {
    /// So many messages are worth a transaction of their own.
    static let enough = 8
    /// The longest wait: less than an operator sees, and a quarter of the transactions of four hundred messages a second.
    static let longest = 10
    /// Milliseconds without a message that end a wait: whoever sends may himself wait for acknowledgements.
    static let silence = 3
    /// Where he does, so many small batches are stored without a wait.
    static let patience = 64

    /// Messages of a batch, on an average in which each new one counts for an eighth.
    private var usual = 0.0
    /// Of the wait under way.
    private var (messages, milliseconds, quiet) = (0, 0, 0)
    /// How many waits in a row ended in silence behind the same number of messages, and that number.
    private var (repeats, before) = (0, 0)
    private var hurried = 0

    /// - Parameter batch: messages of the one that was stored last.
    mutating func waits(after batch: Int) -> Bool {
        guard batch > 0 else { return false }
        usual += (Double(batch) - usual) / 8
        // The rest of a burst is small, too, but its transactions are few.
        guard batch < Self.enough, usual < Double(Self.enough) else { return false }
        guard hurried == 0 else {
            hurried -= 1
            return false
        }
        (messages, milliseconds, quiet) = (0, 0, 0)
        return true
    }

    /// Asked before each millisecond of a wait.
    /// - Parameter messages: that are there.
    mutating func goesOn(with messages: Int) -> Bool {
        quiet = messages > self.messages ? 0 : quiet + 1
        self.messages = messages
        milliseconds += 1
        if quiet > Self.silence {
            noteSilence()
            return false
        }
        guard messages < Self.enough, milliseconds <= Self.longest else {
            repeats = 0
            return false
        }
        return true
    }

    /// Three waits that bring the same few messages and then nothing: so many are sent before one is acknowledged.
    private mutating func noteSilence() {
        repeats = messages > 0 && messages == before ? repeats + 1 : 0
        before = messages
        if repeats == 2 { (hurried, repeats, before) = (Self.patience, 0, 0) }
    }
}
