/// The names most like one that is not known.
enum ClosestNames {
    /// At most `count`, the most alike first; of equally alike ones in the order given.
    static func find(_ name: String, among known: [String], count: Int = 3) -> [String] {
        let wanted = Array(name.lowercased().utf8)
        var best: [(name: String, distance: Int)] = []
        for candidate in known {
            let limit = best.count < count ? Int.max : best[count - 1].distance
            let bytes = Array(candidate.lowercased().utf8)
            // Names so different in length cannot be among the best: spares most of the work in a large fleet.
            guard abs(bytes.count - wanted.count) < limit else { continue }
            let distance = distance(wanted, bytes)
            guard distance < limit else { continue }
            let place = best.firstIndex { $0.distance > distance } ?? best.endIndex
            best.insert((candidate, distance), at: place)
            if best.count > count { best.removeLast() }
        }
        return best.map(\.name)
    }

    /// Levenshtein's: inserted, removed and changed bytes.
    static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var row = Array(0...right.count)
        for (i, byte) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, other) in right.enumerated() {
                let change = diagonal + (byte == other ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(change, row[j] + 1, row[j + 1] + 1)
            }
        }
        return row[right.count]
    }
}
