/// Values whose size divides a cache line, none of which lies across two: Swift's arrays begin in the middle of one, and of values
/// that are more than the cache holds each would be two lines to wait for. Not copied, so that no write asks who else has them.
///
/// `@unchecked Sendable`: `first` has room for `count` values, all of them set, and only this value has it.
struct CacheLines<Element: BitwiseCopyable & Sendable>: ~Copyable, @unchecked Sendable {
    private var first = Self.room(0)
    private(set) var count = 0

    deinit { UnsafeMutableRawPointer(first).deallocate() }

    private static func room(_ count: Int) -> UnsafeMutablePointer<Element> {
        let lineBytes = 64
        precondition(lineBytes.isMultiple(of: MemoryLayout<Element>.stride), "a line holds whole values")
        return UnsafeMutableRawPointer.allocate(
            byteCount: max(count * MemoryLayout<Element>.stride, lineBytes), alignment: lineBytes
        ).bindMemory(to: Element.self, capacity: count)
    }

    func copy() -> CacheLines {
        var copied = CacheLines()
        guard count > 0 else { return copied }
        copied.grow(to: count, with: self[0])
        copied.first.update(from: first, count: count)
        return copied
    }

    mutating func grow(to more: Int, with element: Element) {
        guard more > count else { return }
        let grown = Self.room(more)
        grown.update(from: first, count: count)
        (grown + count).initialize(repeating: element, count: more - count)
        UnsafeMutableRawPointer(first).deallocate()
        (first, count) = (grown, more)
    }

    subscript(index: Int) -> Element {
        @inline(__always) _read {
            precondition(index >= 0 && index < count, "no such value")
            yield first[index]
        }
        @inline(__always) _modify {
            precondition(index >= 0 && index < count, "no such value")
            yield &first[index]
        }
    }
}
