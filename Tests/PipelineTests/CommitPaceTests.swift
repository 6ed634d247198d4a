import Testing

@testable import Pipeline

@Suite("The pace of transactions")
struct CommitPaceTests {
    /// Waits in which messages come at these milliseconds.
    /// - Returns: milliseconds waited, and the messages that were there then; nil if it does not wait at all.
    private func wait(_ pace: inout CommitPace, after batch: Int, _ arrivals: [Int]) -> (
        milliseconds: Int, messages: Int
    )? {
        guard pace.waits(after: batch) else { return nil }
        var milliseconds = 0
        while pace.goesOn(with: arrivals.count { $0 <= milliseconds }) { milliseconds += 1 }
        return (milliseconds, arrivals.count { $0 <= milliseconds })
    }

    @Test("a small batch is followed by a wait for more; nothing, and what is worth a transaction, is not")
    func small() {
        var pace = CommitPace()
        let waits = [1, CommitPace.enough - 1, 0, CommitPace.enough].map { pace.waits(after: $0) }
        #expect(waits == [true, true, false, false])
    }

    @Test("the small rest of a burst is stored at once: its transactions are few as it is")
    func bursts() {
        var pace = CommitPace()
        var waits: [Bool] = []
        for _ in 0..<20 {
            for messages in [20, 20, 20, 20, 20, 3] { waits.append(pace.waits(after: messages)) }
        }
        #expect(!waits.contains(true))
    }

    @Test("as long as one comes after the other it waits its time, again and again")
    func steady() {
        var pace = CommitPace()
        var batch = 1
        for _ in 0..<100 {
            let found = wait(&pace, after: batch, [2, 4, 7, 9])
            #expect(found?.milliseconds == CommitPace.longest && found?.messages == 4)
            batch = 4
        }
    }

    @Test("what is worth a transaction ends the wait, and so does silence")
    func ends() {
        var pace = CommitPace()
        let full = wait(&pace, after: 1, Array(1...8).map { _ in 2 })
        #expect(full?.milliseconds == 2)
        let silent = wait(&pace, after: 1, [1])
        #expect(silent?.milliseconds == 1 + CommitPace.silence + 1)
    }

    @Test(
        "where nothing comes until it is acknowledged, waiting is tried again only now and then",
        arguments: 1...7)
    func acknowledged(inFlight: Int) {
        var pace = CommitPace()
        var waits = 0
        for _ in 0..<10 * (CommitPace.patience + 3) {
            // All that is acknowledged brings as much again, at once.
            if wait(&pace, after: inFlight, Array(repeating: 0, count: inFlight)) != nil { waits += 1 }
        }
        #expect(waits == 30)
    }
}
