import Foundation

/// Orders for the shim inside a running service; see FaultShim/include/fault_shim.h.
///
/// `@unchecked Sendable`: the words are single aligned machine words, and one test thread gives the orders.
final class FaultControl: @unchecked Sendable {
    /// Points of the cycle read → commit → acknowledge.
    enum KillPoint: Int64, CaseIterable {
        case afterRead = 1
        case beforeCommit
        case afterCommit
        case inAcknowledgements
    }

    private enum Word: Int {
        case syncError, syncDelay, clockOffset, killPoint, killCountdown, killedAt, syncs, count
    }

    private let path: String
    private let words: UnsafeMutablePointer<Int64>
    private static let size = Word.count.rawValue * MemoryLayout<Int64>.size

    init(directory: String) throws {
        path = directory + "/faults"
        try Data(count: Self.size).write(to: URL(fileURLWithPath: path))
        let file = open(path, O_RDWR | O_CLOEXEC)
        defer { close(file) }
        let memory = mmap(nil, Self.size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0)
        guard file >= 0, let memory, memory != MAP_FAILED else { throw Failure("cannot map \(path)") }
        words = memory.bindMemory(to: Int64.self, capacity: Word.count.rawValue)
    }

    deinit { munmap(words, Self.size) }

    /// What loads the shim into a child.
    var environment: [String: String] {
        let library = Bundle(for: FaultControl.self).bundleURL.appendingPathComponent("libFaultShim.so").path
        return ["LD_PRELOAD": library, "IOC_FAULT_CONTROL": path]
    }

    private subscript(word: Word) -> Int64 {
        get { words[word.rawValue] }
        set { words[word.rawValue] = newValue }
    }

    /// Every sync of a file fails with this; 0 for none.
    func failSyncs(_ error: Int32) { self[.syncError] = Int64(error) }

    func slowSyncs(milliseconds: Int64) { self[.syncDelay] = milliseconds * 1_000 }

    /// How far the service's clock is ahead.
    var clockOffset: Int64 {
        get { self[.clockOffset] }
        set { self[.clockOffset] = newValue }
    }

    /// The service ends itself at `point` after passing it so many times.
    func kill(at point: KillPoint, after countdown: Int64) {
        self[.killedAt] = 0
        self[.killCountdown] = countdown
        self[.killPoint] = point.rawValue
    }

    func disarm() { self[.killPoint] = 0 }

    /// Where it ended itself since the last order.
    var killedAt: KillPoint? { KillPoint(rawValue: self[.killedAt]) }

    /// Syncs of files so far.
    var syncs: Int64 { self[.syncs] }
}

/// What went wrong, in a sentence.
struct Failure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
