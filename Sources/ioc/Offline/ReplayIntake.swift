import Pipeline
import Ring
import Synchronization
import Telemetry

/// The reading end of a replay: what it decodes is in the ring, cut into batches. Runs on the reader's thread only.
final class ReplayIntake {
    private let channel: IntakeChannel
    private let ingestor: Ingestor
    private let cuts: ReplayCuts
    private var clock: Milliseconds = .min
    private var pending = 0
    private var cut = (messages: UInt64(0), readings: UInt64(0))

    /// Messages of one transaction.
    private static let batch = 4_096

    /// Storing failed, which says why.
    struct Stopped: Error {}

    init(channel: IntakeChannel, ingestor: Ingestor, cuts: ReplayCuts) {
        self.channel = channel
        self.ingestor = ingestor
        self.cuts = cuts
    }

    /// Waits while the ring is full.
    /// - Parameter received: when it was received, nil to let its own times decide.
    func add(topic: [UInt8], payload: [UInt8], received: Milliseconds?) throws {
        topic.withUnsafeBufferPointer { topic in
            payload.withUnsafeBytes { payload in
                ingestor.receive(
                    topic: topic, payload: payload, packet: 0, source: .replay, isRetained: false,
                    arrival: received ?? SystemClock.now())
            }
        }
        guard !channel.isStopping.load(ordering: .relaxed) else { throw Stopped() }
        clock = max(clock, received ?? ingestor.newestTime)
        pending += 1
        if isFull { endBatch() }
    }

    /// Half of the ring is a batch: what comes has room while it is stored, and what is not cut never fills the ring.
    private var isFull: Bool {
        let most = UInt64(channel.messages.capacity / 2)
        return pending >= Self.batch || channel.messages.publishedPosition - cut.messages >= most
            || channel.readings.publishedPosition - cut.readings >= most
    }

    /// Hands what was read over to be stored.
    func endBatch() {
        guard pending > 0 else { return }
        pending = 0
        cut = (channel.messages.publishedPosition, channel.readings.publishedPosition)
        cuts.put(ReplayCut(end: cut.messages, time: clock))
    }
}
