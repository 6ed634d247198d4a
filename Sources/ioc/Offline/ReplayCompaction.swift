import Pipeline
import Store
import Synchronization
import Telemetry

/// Rewrites the journal while files are read, on a thread of its own: it took a sixth of the time of a replay.
final class ReplayCompaction {
    private final class Progress: Sendable {
        let isUnderWay = Atomic<Bool>(false)
        let fault = Mutex<(any Error)?>(nil)
    }

    private let compactor: Compactor
    private let progress = Progress()
    private var thread: PlainThread?

    init(_ compactor: Compactor) { self.compactor = compactor }

    /// Begins a step, unless one is under way. Nobody looks at commits meanwhile, so that they need not grow old first.
    /// - Throws: what the one before met.
    func begin(now: Milliseconds) throws {
        guard !progress.isUnderWay.load(ordering: .acquiring) else { return }
        try wait()
        progress.isUnderWay.store(true, ordering: .relaxed)
        thread = PlainThread { [compactor, progress] in
            do {
                try compactor.step(now: now + Compactor.age)
            } catch {
                progress.fault.withLock { $0 = error }
            }
            progress.isUnderWay.store(false, ordering: .releasing)
        }
    }

    /// Rewrites all that is left.
    func finish() throws {
        try wait()
        while try compactor.step(now: .max) != .nothing {}
    }

    private func wait() throws {
        thread?.join()
        thread = nil
        if let fault = progress.fault.withLock({ $0 }) { throw fault }
    }
}
