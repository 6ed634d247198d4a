extension RandomAccessCollection where SubSequence: RandomAccessCollection {
    /// Neighbours that agree in something, together.
    func runs<Key: Equatable>(of key: (Element) -> Key) -> [SubSequence] {
        var runs: [SubSequence] = []
        var start = startIndex
        while start < endIndex {
            let value = key(self[start])
            var end = index(after: start)
            while end < endIndex, key(self[end]) == value { formIndex(after: &end) }
            runs.append(self[start..<end])
            start = end
        }
        return runs
    }
}
