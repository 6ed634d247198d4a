import Testing

@testable import Pipeline

@Suite("The pace of transactions")
struct CommitPaceTests {
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

    @Test("where nothing comes until it is acknowledged, waiting is tried again only now and then")
    func oneAtATime() {
        var pace = CommitPace()
        var waits = 0
        for _ in 0..<10 * (CommitPace.patience + 1) where pace.waits(after: 1) {
            waits += 1
            pace.waited(0)
        }
        #expect(waits == 10)
    }

    @Test("as long as more comes, it waits each time")
    func steady() {
        var pace = CommitPace()
        for _ in 0..<100 {
            let waits = pace.waits(after: 4)
            #expect(waits)
            pace.waited(1)
        }
    }
}
