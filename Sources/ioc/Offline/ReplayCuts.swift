import Pipeline
import Synchronization
import Telemetry

/// A place in the ring of messages where a batch of a replay ends.
struct ReplayCut: Sendable {
    /// Position in the ring behind its last message.
    let end: UInt64
    /// The newest event up to there: the clock when it is stored.
    let time: Milliseconds
    /// How far files have been read.
    let parts: [ReplayedPart]
}

/// Cuts on their way from the thread that reads to the one that stores. There are few: each is of messages in the ring.
///
/// The reader makes them, so that a replay is the same every time, however far it is ahead of the disk.
final class ReplayCuts: Sendable {
    private struct State {
        var waiting: [ReplayCut] = []
        /// How reading ended.
        var end: Result<Void, any Error>?
    }

    private let state = Mutex(State())
    private let work: Doorbell

    init(work: Doorbell) { self.work = work }

    func put(_ cut: ReplayCut) {
        state.withLock { $0.waiting.append(cut) }
        work.ring()
    }

    /// There will be no more.
    func close(_ end: Result<Void, any Error>) {
        state.withLock { $0.end = end }
        work.ring()
    }

    /// Waits for the next.
    /// - Returns: nil when there is no more.
    /// - Throws: what ended the reading, once all that was read before has been taken.
    func next() throws -> ReplayCut? {
        while true {
            let (cut, end) = state.withLock { state in
                (state.waiting.isEmpty ? nil : state.waiting.removeFirst(), state.end)
            }
            if let cut { return cut }
            if let end { return try end.map { nil }.get() }
            work.wait(milliseconds: 250)
        }
    }
}
