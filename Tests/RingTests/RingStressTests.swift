import Foundation
import Synchronization
import Testing

@testable import Ring

/// Every word is a function of the position, so a torn, lost, repeated or stale value is seen at once.
private struct Slot: BitwiseCopyable, Sendable {
    private var words: (UInt64, UInt64, UInt64)

    init(_ position: UInt64) {
        words = (position.mixed, (position ^ 0x5555_5555_5555_5555).mixed, ~position.mixed)
    }

    func isAt(_ position: UInt64) -> Bool { words == Slot(position).words }
}

extension UInt64 {
    /// Every bit depends on every bit (the finaliser of SplitMix64): neighbours have nothing in common.
    fileprivate var mixed: UInt64 {
        var bits = self &+ 0x9E37_79B9_7F4A_7C15
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }
}

/// Sizes and pauses of one thread, the same for the same seed.
private struct Dice {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// 0 ..< bound
    mutating func roll(_ bound: Int) -> Int {
        state &+= 1
        return Int(state.mixed % UInt64(bound))
    }
}

/// Which end dawdles: the other meets a full ring, or an empty one, most of the time.
private enum Pace: CaseIterable {
    case even, slowProducer, slowConsumer
}

/// What went wrong, from both threads.
private final class Findings: Sendable {
    private let list = Mutex<[String]>([])

    func note(_ finding: String) {
        list.withLock { if $0.count < 10 { $0.append(finding) } }
    }

    var all: [String] { list.withLock { $0 } }
}

/// One ring between two threads that move `total` values.
private struct Crossing: Sendable {
    let ring: Ring<Slot>
    let total: UInt64
    let pace: Pace
    let seed: UInt64
    let findings = Findings()

    /// Publishes in batches of every size, the whole ring among them, made here or in their places, and now and then a single
    /// value.
    func produce() {
        var dice = Dice(seed: seed)
        var next: UInt64 = 0
        while next < total {
            let size = min(UInt64(dice.roll(ring.capacity) + 1), total - next)
            let room = ring.room()
            if room > ring.capacity { findings.note("room for \(room) in \(ring.capacity)") }
            let isSingle = dice.roll(8) == 0
            if publish(from: next, isSingle ? 1 : size, isSingle: isSingle, inPlace: dice.roll(2) == 0) {
                next += isSingle ? 1 : size
            } else {
                if room >= Int(isSingle ? 1 : size) {
                    findings.note("refused at \(next), though there was room")
                }
                sched_yield()
            }
            if next != ring.publishedPosition {
                findings.note("published \(ring.publishedPosition), not \(next)")
            }
            if pace == .slowProducer, dice.roll(16) == 0 { usleep(UInt32(dice.roll(200))) }
        }
    }

    private func publish(from first: UInt64, _ size: UInt64, isSingle: Bool, inPlace: Bool) -> Bool {
        if isSingle { return ring.tryPublish(Slot(first)) }
        if inPlace { return ring.tryPublish(count: Int(size)) { Slot(first + UInt64($0)) } }
        return withUnsafeTemporaryAllocation(of: Slot.self, capacity: Int(size)) { values in
            for offset in 0..<Int(size) {
                values.initializeElement(at: offset, to: Slot(first + UInt64(offset)))
            }
            return ring.tryPublish(UnsafeBufferPointer(values))
        }
    }

    /// Takes at most so many at a time, from one up to more than there can be, and looks at every value.
    func consume() {
        var dice = Dice(seed: ~seed)
        var taken: [Slot] = []
        var expected: UInt64 = 0
        while expected < total {
            let limit = dice.roll(ring.capacity * 2) + 1
            let waiting = ring.available()
            if waiting > ring.capacity { findings.note("\(waiting) available in \(ring.capacity)") }
            let first = expected
            // Copied out whole, as the drain does it: an access that the thread sanitizer sees also unoptimised.
            taken.removeAll(keepingCapacity: true)
            let count = ring.take(upTo: limit) { taken.append(contentsOf: $0) }
            for value in taken {
                if !value.isAt(expected) { findings.note("a wrong value at \(expected)") }
                expected += 1
            }
            if count != Int(expected - first) || count > limit || count < min(waiting, limit) {
                findings.note("took \(count) of \(waiting) at \(first), at most \(limit)")
            }
            if count == 0 { sched_yield() }
            if pace == .slowConsumer, dice.roll(16) == 0 { usleep(UInt32(dice.roll(200))) }
        }
    }
}

@Suite("Ring between two threads")
struct RingStressTests {
    @Test(
        "hands every value over untorn, in order, once, whoever is slower",
        .timeLimit(.minutes(5)), arguments: [2, 4, 64, 4_096], Pace.allCases)
    fileprivate func stress(capacity: Int, pace: Pace) async {
        // Hundreds of times round the largest ring; pauses, and a small ring's turns, make each value cost more.
        let total = pace == .even ? UInt64(200_000 + 200 * capacity) : UInt64(20_000 + 100 * capacity)
        let crossing = Crossing(
            ring: Ring<Slot>(capacity: capacity), total: total, pace: pace, seed: .random(in: 0 ... .max))
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { crossing.produce() }
            Thread.detachNewThread {
                crossing.consume()
                continuation.resume()
            }
        }
        #expect(crossing.findings.all.isEmpty, "seed \(crossing.seed)")
        #expect(crossing.ring.available() == 0)
        #expect(crossing.ring.consumedPosition == total)
    }
}
