import HTTPTypes
import Logging
import NIOPosix
import Store
import Telemetry

/// Reads of the store, which block, on threads of their own.
///
/// On an event loop a read would hold up every connection of that loop, on Swift's own threads (one per core) all tasks
/// of the service. The pools have as many threads as the store has reading connections, four. Two of them are kept for
/// short reads, so that nobody waits for a new alert because others look at a month of readings. The queues are
/// bounded by the number of connections, each of which asks one thing at a time.
struct StoreReads: Sendable {
    private let reader: StoreReader
    private let logger: Logger
    private let shortPool = NIOThreadPool(numberOfThreads: 2)
    private let longPool = NIOThreadPool(numberOfThreads: 2)

    init(reader: StoreReader, logger: Logger) {
        self.reader = reader
        self.logger = logger
    }

    func start() {
        shortPool.start()
        longPool.start()
    }

    func stop() async {
        try? await shortPool.shutdownGracefully()
        try? await longPool.shutdownGracefully()
    }

    /// For what is found by an index.
    func short<Found: Sendable>(_ read: @escaping @Sendable (StoreReader) throws -> Found) async throws
        -> Found
    {
        try await on(shortPool, read)
    }

    /// For what may take seconds.
    func long<Found: Sendable>(_ read: @escaping @Sendable (StoreReader) throws -> Found) async throws
        -> Found
    {
        try await on(longPool, read)
    }

    private func on<Found: Sendable>(
        _ pool: NIOThreadPool, _ read: @escaping @Sendable (StoreReader) throws -> Found
    ) async throws -> Found {
        do {
            return try await pool.runIfActive { [reader] in try read(reader) }
        } catch let fault as Fault {
            throw fault
        } catch let fault as any OperatorFault {
            throw fault
        } catch let error as CancellationError {
            throw error
        } catch {
            logger.error("cannot read the store", metadata: ["error": "\(error)"])
            throw Fault(
                .internalServerError,
                Title(
                    vi: "hiện không đọc được kho; nhật ký của dịch vụ nói vì sao",
                    en: "the store cannot be read now; the log of the service says why"))
        }
    }
}
