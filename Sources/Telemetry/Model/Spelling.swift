/// Finds what somebody meant to write.
package enum Spelling {
    /// The known word nearest to `word`, nil if none is near.
    package static func nearest(to word: String, in known: [String]) -> String? {
        guard let best = ranked(word, known, count: 1).first else { return nil }
        return best.distance <= max(1, word.count / 3) ? best.word : nil
    }

    /// At most `count` known words, near or not, the nearest first; of equally near ones in the order given.
    package static func closest(to word: String, in known: [String], count: Int) -> [String] {
        ranked(word, known, count: count).map(\.word)
    }

    private static func ranked(_ word: String, _ known: [String], count: Int)
        -> [(word: String, distance: Int)]
    {
        let wanted = word.lowercased()
        var best: [(word: String, distance: Int)] = []
        for candidate in known {
            let limit = best.count < count ? Int.max : best[count - 1].distance
            let lowered = candidate.lowercased()
            // Words so different in length cannot be among the best: spares most of the work in a large fleet.
            guard abs(lowered.utf8.count - wanted.utf8.count) < limit else { continue }
            let distance = Self.distance(wanted, lowered)
            guard distance < limit else { continue }
            let place = best.firstIndex { $0.distance > distance } ?? best.endIndex
            best.insert((candidate, distance), at: place)
            if best.count > count { best.removeLast() }
        }
        return best
    }

    /// `; did you mean …?`, or nothing.
    package static func hint(_ word: String, _ known: [String]) -> String { suggestion(word, known).en }

    /// The same for operators.
    package static func suggestion(_ word: String, _ known: [String]) -> Title {
        guard let nearest = nearest(to: word, in: known) else { return Title(vi: "", en: "") }
        return Title(vi: "; có phải `\(nearest)` không?", en: "; did you mean `\(nearest)`?")
    }

    /// Levenshtein's distance with neighbours that changed places as one step (optimal string alignment), in bytes.
    static func distance(_ first: String, _ second: String) -> Int {
        let (left, right) = (Array(first.utf8), Array(second.utf8))
        // The last three rows of the table.
        var older: [Int] = []
        var last = Array(0...right.count)
        for i in left.indices {
            var row = [i + 1]
            row.reserveCapacity(right.count + 1)
            for j in right.indices {
                let replace = last[j] + (left[i] == right[j] ? 0 : 1)
                var best = min(replace, last[j + 1] + 1, row[j] + 1)
                if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                    best = min(best, older[j - 1] + 1)
                }
                row.append(best)
            }
            (older, last) = (last, row)
        }
        return last[right.count]
    }
}
