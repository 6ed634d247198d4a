import Testing

@testable import Ring

@Suite("Ring")
struct RingTests {
    private func taken(_ ring: Ring<Int>, upTo limit: Int = .max) -> [Int] {
        var values: [Int] = []
        ring.take(upTo: limit) { values.append(contentsOf: $0) }
        return values
    }

    @Test("gives values back in the order they were published")
    func order() {
        let ring = Ring<Int>(capacity: 8)
        for value in 1...5 { #expect(ring.tryPublish(value)) }
        #expect(taken(ring, upTo: 0).isEmpty)
        #expect(taken(ring) == [1, 2, 3, 4, 5])
        #expect(taken(ring).isEmpty)
    }

    @Test("says that it is full instead of overwriting")
    func full() {
        let ring = Ring<Int>(capacity: 4)
        for value in 1...4 { #expect(ring.tryPublish(value)) }
        #expect(!ring.tryPublish(5))
        #expect(ring.room() == 0)
        #expect(taken(ring, upTo: 1) == [1])
        #expect(ring.tryPublish(5))
        #expect(taken(ring) == [2, 3, 4, 5])
    }

    @Test("publishes a batch whole or not at all")
    func batch() {
        let ring = Ring<Int>(capacity: 4)
        #expect(ring.tryPublish(0))
        [1, 2, 3, 4].withUnsafeBufferPointer { #expect(!ring.tryPublish($0)) }
        [1, 2, 3].withUnsafeBufferPointer { #expect(ring.tryPublish($0)) }
        #expect(taken(ring) == [0, 1, 2, 3])
    }

    @Test(
        "makes the values of a batch where they lie, in order, round its end, and none where there is no room"
    )
    func made() {
        let ring = Ring<Int>(capacity: 4)
        for round in 0..<100 {
            var made: [Int] = []
            let isPublished = ring.tryPublish(count: 3) { offset in
                made.append(offset)
                return round * 3 + offset
            }
            #expect(isPublished && made == [0, 1, 2])
            #expect(
                !ring.tryPublish(count: 2) { _ in
                    Issue.record("there was no room"); return 0
                })
            #expect(taken(ring) == [round * 3, round * 3 + 1, round * 3 + 2])
        }
    }

    @Test("goes round its end within one batch")
    func wrap() {
        let ring = Ring<Int>(capacity: 4)
        for round in 0..<100 {
            let values = [round * 3, round * 3 + 1, round * 3 + 2]
            values.withUnsafeBufferPointer { #expect(ring.tryPublish($0)) }
            #expect(taken(ring) == values)
            #expect(ring.consumedPosition == UInt64(round * 3 + 3))
        }
    }

    @Test("keeps its two borders on cache lines of their own")
    func padding() {
        #expect(MemoryLayout<Sequence>.size >= 256)
    }
}
