/// Which of many numbered things have changed since they were last taken: one byte each, and a list of those that have.
struct ChangedIndices: Sendable {
    private var isChanged: [Bool]
    private var list: [Int32] = []

    /// - Parameter count: how many there are.
    init(count: Int) { isChanged = Array(repeating: false, count: count) }

    var isEmpty: Bool { list.isEmpty }

    mutating func grow(to count: Int) {
        let more = count - isChanged.count
        if more > 0 { isChanged.append(contentsOf: repeatElement(false, count: more)) }
    }

    @inline(__always)
    mutating func insert(_ index: Int) {
        guard !isChanged[index] else { return }
        isChanged[index] = true
        list.append(Int32(index))
    }

    /// - Returns: those that have changed, ascending; now none has.
    mutating func take() -> [Int] {
        // Looking at every flag costs less than sorting many.
        let isMany = list.count > isChanged.count / 16
        let indices = isMany ? isChanged.indices.filter { isChanged[$0] } : list.map(Int.init).sorted()
        for index in indices { isChanged[index] = false }
        list.removeAll(keepingCapacity: true)
        return indices
    }
}
