import Telemetry

/// The names most like one that is not known.
enum ClosestNames {
    /// At most `count`, the most alike first; of equally alike ones in the order given.
    static func find(_ name: String, among known: [String], count: Int = 3) -> [String] {
        let wanted = name.lowercased()
        var best: [(name: String, distance: Int)] = []
        for candidate in known {
            let limit = best.count < count ? Int.max : best[count - 1].distance
            let known = candidate.lowercased()
            // Names so different in length cannot be among the best: spares most of the work in a large fleet.
            guard abs(known.utf8.count - wanted.utf8.count) < limit else { continue }
            let distance = Spelling.distance(wanted, known)
            guard distance < limit else { continue }
            let place = best.firstIndex { $0.distance > distance } ?? best.endIndex
            best.insert((candidate, distance), at: place)
            if best.count > count { best.removeLast() }
        }
        return best.map(\.name)
    }
}
