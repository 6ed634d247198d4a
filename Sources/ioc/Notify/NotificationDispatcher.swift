import AsyncHTTPClient
import Console
import Logging
import Pipeline
import ServiceLifecycle
import Store
import Telemetry

/// Brings what is due from the outbox to its receivers, and tells the drain thread what became of it.
struct NotificationDispatcher: Service {
    let receivers: [Receiver]
    let reader: StoreReader
    let inbox: DeliveryInbox
    let feed: AlertFeed
    let writer: NotificationWriter
    let zone: ZoneOffsets
    let logger: Logger
    var now: @Sendable () -> Milliseconds = SystemClock.now
    var jitter: @Sendable () -> Double = { Double.random(in: 0..<1) }

    func run() async throws {
        let http = WebhookDelivery.client()
        let outbox = NotificationOutbox(
            receivers, reader: reader, inbox: inbox, zone: zone, logger: logger)
        let (wakes, wake) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        await cancelWhenGracefulShutdown {
            await outbox.takeUp(at: now())
            await withDiscardingTaskGroup { group in
                group.addTask { await ring(wake) }
                group.addTask {
                    for await _ in feed.changes() { wake.yield() }
                }
                for await _ in wakes {
                    for job in await outbox.jobs(at: now()) {
                        group.addTask {
                            await outbox.end(job, await change(job, http))
                            wake.yield()
                        }
                    }
                }
                group.cancelAll()
            }
        }
        try? await http.shutdown()
    }

    /// Times come without an event.
    private func ring(_ wake: AsyncStream<Void>.Continuation) async {
        while !Task.isCancelled {
            wake.yield()
            try? await Task.sleep(for: .seconds(1))
        }
        wake.finish()
    }

    /// - Returns: nil if the service stops before there is an answer.
    func change(_ job: NotificationOutbox.Job, _ http: HTTPClient) async -> NotificationChange? {
        let id = job.due.id
        do {
            let message = try message(job)
            let answer = try await job.receiver.delivery(http).deliver(message)
            // A mail may have been taken for some of its addresses only.
            logger.info("notification \(id) to \(job.receiver.name): \(answer)")
            return .delivered(id, at: now())
        } catch {
            guard !Task.isCancelled else { return nil }
            return failure(job, error)
        }
    }

    private func message(_ job: NotificationOutbox.Job) throws -> NotificationMessage {
        let events = try reader.events(of: job.due, limit: NotificationWriter.shown)
        let count = job.due.event == nil ? try reader.size(ofDigest: job.due.id) : events.count
        return try writer.message(job.due, to: job.receiver, events, count: count)
    }

    private func failure(_ job: NotificationOutbox.Job, _ error: any Error) -> NotificationChange {
        let (id, now, attempts) = (job.due.id, now(), Int(job.due.attempts) + 1)
        let next = RetrySchedule.next(
            attempts: attempts, first: job.due.firstSentMs ?? now, now: now,
            wanted: (error as? DeliveryFailure)?.wait, jitter: jitter())
        guard let next else {
            logger.error(
                "notification \(id) to \(job.receiver.name) has failed after \(attempts) attempts: \(error)")
            return .failed(id, at: now, error: "\(error)")
        }
        if attempts == 1 {
            logger.warning("notification \(id) to \(job.receiver.name): \(error); trying again")
        }
        return .retry(id, due: next, error: "\(error)")
    }
}
