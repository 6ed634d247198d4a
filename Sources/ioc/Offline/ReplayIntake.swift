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
    private var files: ReplayedFiles
    /// The file in hand, and how far it has been handed over.
    private var file: (bytes: ReplayFile, track: ReplayTrack, reached: Int)?
    /// Of files that have ended since the last cut.
    private var parts: [ReplayedPart] = []

    /// Messages of one transaction.
    private static let batch = 4_096

    /// Storing failed, which says why.
    struct Stopped: Error {}

    init(channel: IntakeChannel, ingestor: Ingestor, cuts: ReplayCuts, files: ReplayedFiles) {
        self.files = files
        self.channel = channel
        self.ingestor = ingestor
        self.cuts = cuts
    }

    /// Begins a file.
    /// - Parameter isNew: whether it is taken for a new one whatever was replayed before.
    /// - Returns: how many bytes of it are stored already.
    /// - Throws: `ServiceFault` if it was replayed before and is not what it was.
    func begin(_ file: ReplayFile, target: String, isNew: Bool) throws -> Int {
        let track = try files.begin(file, target: target, isNew: isNew)
        self.file = (file, track, track.reached)
        return track.reached
    }

    /// All of the file is handed over.
    func endFile() {
        if let end = file?.bytes.bytes.count { file?.reached = end }
        if let part = part() {
            files.note(part)
            parts.append(part)
        }
        file = nil
    }

    private func part() -> ReplayedPart? {
        guard let file, file.reached > file.track.reached else { return nil }
        return self.file?.track.part(of: file.bytes, through: file.reached)
    }

    /// Whether messages rest on others before them, so that those that are stored must be gone through again.
    var recalls: Bool { ingestor.recalls }

    func recall(topic: [UInt8], payload: [UInt8], received: Milliseconds?) {
        topic.withUnsafeBufferPointer { topic in
            payload.withUnsafeBytes { payload in
                ingestor.recall(topic: topic, payload: payload, arrival: received ?? SystemClock.now())
            }
        }
    }

    /// Waits while the ring is full.
    /// - Parameters:
    ///   - received: when it was received, nil to let its own times decide.
    ///   - end: how many bytes of the file are behind it.
    func add(topic: [UInt8], payload: [UInt8], received: Milliseconds?, through end: Int = 0) throws {
        topic.withUnsafeBufferPointer { topic in
            payload.withUnsafeBytes { payload in
                ingestor.receive(
                    topic: topic, payload: payload, packet: 0, source: .replay, isRetained: false,
                    arrival: received ?? SystemClock.now())
            }
        }
        guard !channel.isStopping.load(ordering: .relaxed) else { throw Stopped() }
        file?.reached = end
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
        if let part = part() { parts.append(part) }
        cuts.put(ReplayCut(end: cut.messages, time: clock, parts: parts))
        parts.removeAll()
    }
}
