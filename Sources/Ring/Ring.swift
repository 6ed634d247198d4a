/// Moves fixed-size values from one thread to one other, in order, without locks and without allocation.
///
/// One thread calls the producer's methods, one other the consumer's; nobody else calls any. "Full" and "empty" are
/// values, not errors: a full ring tells the producer to stop reading its source.
///
/// Positions count from 0 and never wrap in practice (2^64 values); a slot is its position modulo the capacity.
///
/// Public where the rest of the house is `package`: the compiler specialises and inlines over the border of a module only
/// what is public, and a generic ring that is not specialised asks the runtime for the size of every value it moves.
///
/// `@unchecked Sendable`: `slots` is written only between `consumed` and `consumed + capacity` by the producer and read
/// only between `consumed` and `published` by the consumer, and both borders are released and acquired atomically; `next` and
/// `consumedSeenByProducer` are the producer's alone.
public final class Ring<Element: BitwiseCopyable & Sendable>: @unchecked Sendable {
    /// Number of slots, a power of two.
    public let capacity: Int
    @usableFromInline let mask: UInt64
    @usableFromInline let slots: UnsafeMutablePointer<Element>
    @usableFromInline let published = Sequence()
    @usableFromInline let consumed = Sequence()
    /// The producer's memory of `published`, which the consumer's looks take away from it.
    @usableFromInline var next: UInt64 = 0
    /// The producer's memory of `consumed`: it asks the other core again only when the ring seems full.
    @usableFromInline var consumedSeenByProducer: UInt64 = 0

    /// - Parameter capacity: a power of two, at least 2.
    public init(capacity: Int) {
        precondition(capacity >= 2 && capacity & (capacity - 1) == 0, "a ring's capacity is a power of two")
        self.capacity = capacity
        mask = UInt64(capacity - 1)
        // From the beginning of a cache line: else every other reading is on two, and each line must come from the other core.
        slots = UnsafeMutableRawPointer.allocate(
            byteCount: capacity * MemoryLayout<Element>.stride, alignment: 64
        ).bindMemory(to: Element.self, capacity: capacity)
    }

    deinit { UnsafeMutableRawPointer(slots).deallocate() }

    // MARK: Producer

    /// Position after the last published value.
    @inlinable public var publishedPosition: UInt64 { published.own }

    /// Slots that may be written now.
    @inlinable public func room() -> Int {
        let known = capacity - Int(next - consumedSeenByProducer)
        if known > capacity / 2 { return known }
        consumedSeenByProducer = consumed.observed
        return capacity - Int(next - consumedSeenByProducer)
    }

    @inlinable func hasRoom(for count: Int) -> Bool {
        if Int(next - consumedSeenByProducer) + count <= capacity { return true }
        consumedSeenByProducer = consumed.observed
        return Int(next - consumedSeenByProducer) + count <= capacity
    }

    @inlinable func publish(_ count: Int) {
        next += UInt64(count)
        published.advance(to: next)
    }

    /// Publishes all of `values` or none; false when there is no room for all.
    @inlinable public func tryPublish(_ values: UnsafeBufferPointer<Element>) -> Bool {
        guard hasRoom(for: values.count) else { return false }
        guard let source = values.baseAddress else { return true }
        let start = Int(next & mask)
        let straight = min(values.count, capacity - start)
        (slots + start).update(from: source, count: straight)
        if straight < values.count { slots.update(from: source + straight, count: values.count - straight) }
        publish(values.count)
        return true
    }

    /// Publishes `count` values, each made where it will lie; makes none and is false when there is no room for all.
    ///
    /// Values that were put together just before are not to be copied here: a processor that is to read in one piece what it has
    /// written in several waits until all of it is in the cache, which took four fifths of a producer's time.
    @inlinable public func tryPublish(count: Int, _ value: (Int) -> Element) -> Bool {
        guard hasRoom(for: count) else { return false }
        var position = next
        for offset in 0..<count {
            slots[Int(truncatingIfNeeded: position & mask)] = value(offset)
            position += 1
        }
        publish(count)
        return true
    }

    /// Publishes one value; false when the ring is full.
    @inlinable public func tryPublish(_ value: Element) -> Bool {
        guard hasRoom(for: 1) else { return false }
        slots[Int(next & mask)] = value
        publish(1)
        return true
    }

    // MARK: Consumer

    /// Position after the last value taken.
    @inlinable public var consumedPosition: UInt64 { consumed.own }

    /// Values that may be taken now.
    @inlinable public func available() -> Int { Int(published.observed - consumed.own) }

    /// Hands up to `limit` values over in order, in at most two runs, then frees their slots.
    /// - Returns: how many values were taken.
    @inlinable @discardableResult
    public func take(upTo limit: Int, _ body: (UnsafeBufferPointer<Element>) -> Void) -> Int {
        let first = consumed.own
        let count = min(available(), limit)
        guard count > 0 else { return 0 }
        let start = Int(first & mask)
        let straight = min(count, capacity - start)
        body(UnsafeBufferPointer(start: slots + start, count: straight))
        if straight < count { body(UnsafeBufferPointer(start: slots, count: count - straight)) }
        consumed.advance(to: first + UInt64(count))
        return count
    }
}
