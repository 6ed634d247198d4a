import Catalog
import Logging
import Pipeline
import ServiceLifecycle
import Synchronization
import UnixSignals

/// Hears the process's signals from before the service runs until after it has ended.
final class SignalDesk: Sendable {
    let signals: AsyncStream<UnixSignal>
    private let ending = Atomic<Bool>(false)

    /// Whether an end was asked for, perhaps while a reload was under way.
    var isEnding: Bool { ending.load(ordering: .relaxed) }

    init() async {
        let trapped = await UnixSignalsSequence(trapping: .sigterm, .sigint, .sighup)
        let (signals, heard) = AsyncStream<UnixSignal>.makeStream()
        self.signals = signals
        Task { [weak self] in
            for await signal in trapped {
                if signal != .sighup { self?.ending.store(true, ordering: .relaxed) }
                heard.yield(signal)
            }
        }
    }
}

/// Ends the service on SIGTERM and Ctrl-C, and on SIGHUP if all files can be taken up anew.
struct SignalService: Service {
    let desk: SignalDesk
    let reloads: Reloads
    /// Reads and checks all files; nothing of it is taken over.
    let check: @Sendable () throws -> Void
    let logger: Logger

    func run() async {
        await cancelWhenGracefulShutdown {
            for await signal in desk.signals {
                if signal != .sighup { return }
                if await canReload() { return }
            }
        }
    }

    private func canReload() async -> Bool {
        logger.notice("reload: checking the files")
        let faults = await faults()
        guard faults.isEmpty else {
            for fault in faults { logger.error("\(fault)") }
            logger.error(
                "reload refused: \(faults.count) mistake\(faults.count == 1 ? "" : "s"); going on as before")
            reloads.refuse(faults, at: SystemClock.now())
            return false
        }
        reloads.accept(at: SystemClock.now())
        logger.notice("reload: all files are sound, beginning anew with them")
        return true
    }

    /// On a thread of its own: files of a large city take longer than a task may block.
    private func faults() async -> [String] {
        await withCheckedContinuation { continuation in
            PlainThread { [check] in
                do {
                    try check()
                    continuation.resume(returning: [])
                } catch let found as CatalogFaults {
                    continuation.resume(returning: found.faults.map(\.description))
                } catch {
                    continuation.resume(returning: ["\(error)"])
                }
            }.detach()
        }
    }
}
