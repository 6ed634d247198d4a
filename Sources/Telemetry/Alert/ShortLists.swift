/// Lists of a few elements each, for each of many things: one behind the other, because most are empty or come in order.
struct ShortLists<Element: BitwiseCopyable & Sendable>: Sendable {
    /// Where each list ends in `elements`; empty if there are no elements at all.
    private var ends: [Int32] = []
    private var elements: [Element] = []

    init() {}

    init(_ lists: [[Element]]) {
        elements = lists.flatMap(\.self)
        guard !elements.isEmpty else { return }
        var end: Int32 = 0
        ends = lists.map { list in
            end += Int32(list.count)
            return end
        }
    }

    /// Positions of the elements of one list.
    @inline(__always)
    func range(_ list: Int) -> Range<Int> {
        guard list < ends.count else { return 0..<0 }
        return Int(list == 0 ? 0 : ends[list - 1])..<Int(ends[list])
    }

    @inline(__always)
    subscript(position: Int) -> Element { elements[position] }
}
