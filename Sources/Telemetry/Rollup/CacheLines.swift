internal import CPrefetch

/// Values whose size divides a cache line, none of which lies across two: Swift's arrays begin in the middle of one, and of values
/// that are more than the cache holds each would be two lines to wait for. Not copied unless somebody says so, so that no write
/// asks who else has them.
///
/// `@unchecked Sendable`: `first` has room for `count` values, all of them set, and only this value has it.
struct CacheLines<Element: BitwiseCopyable & Sendable>: ~Copyable, @unchecked Sendable {
    private let first: UnsafeMutablePointer<Element>
    let count: Int

    private init(room count: Int) {
        let lineBytes = 64
        precondition(lineBytes.isMultiple(of: MemoryLayout<Element>.stride), "a line holds whole values")
        first = UnsafeMutableRawPointer.allocate(
            byteCount: max(count * MemoryLayout<Element>.stride, lineBytes), alignment: lineBytes
        ).bindMemory(to: Element.self, capacity: count)
        self.count = count
    }

    init(repeating element: Element, count: Int) {
        self.init(room: count)
        first.initialize(repeating: element, count: count)
    }

    deinit { UnsafeMutableRawPointer(first).deallocate() }

    func copy() -> CacheLines {
        let copied = CacheLines(room: count)
        copied.first.initialize(from: first, count: count)
        return copied
    }

    /// Asks for the line of a value, which must not be there.
    @inline(__always)
    func prefetch(_ index: Int) { prefetch_for_writing(first + index) }

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
