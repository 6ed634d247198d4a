/// Finds what somebody meant to write.
package enum Spelling {
    /// The known word nearest to `word`, nil if none is near.
    package static func nearest(to word: String, in known: [String]) -> String? {
        let ranked = known.map { (word: $0, distance: distance(word.lowercased(), $0.lowercased())) }
        guard let best = ranked.min(by: { $0.distance < $1.distance }) else { return nil }
        return best.distance <= max(1, word.count / 3) ? best.word : nil
    }

    /// `; did you mean …?`, or nothing.
    package static func hint(_ word: String, _ known: [String]) -> String { suggestion(word, known).en }

    /// The same for operators.
    package static func suggestion(_ word: String, _ known: [String]) -> Title {
        guard let nearest = nearest(to: word, in: known) else { return Title(vi: "", en: "") }
        return Title(vi: "; có phải `\(nearest)` không?", en: "; did you mean `\(nearest)`?")
    }

    /// Levenshtein's distance with neighbours that changed places as one step (optimal string alignment), in bytes.
    package static func distance(_ first: String, _ second: String) -> Int {
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
