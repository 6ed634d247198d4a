extension RandomAccessCollection where SubSequence: RandomAccessCollection {
    /// Neighbours that agree in something, together.
    func runs<Key: Equatable>(of key: KeyPath<Element, Key>) -> [SubSequence] {
        var runs: [SubSequence] = []
        var start = startIndex
        while start < endIndex {
            let value = self[start][keyPath: key]
            var end = index(after: start)
            while end < endIndex, self[end][keyPath: key] == value { formIndex(after: &end) }
            runs.append(self[start..<end])
            start = end
        }
        return runs
    }
}
