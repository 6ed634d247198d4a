import Telemetry

/// A reduction the other way round: several numbers that reduce to a given one.
extension Reduction {
    /// The number that `element` of `count` holds; nil if it holds none.
    ///
    /// - Parameter bounds: the others stay inside, too, so that no part is stranger than the whole.
    func part(of whole: Int64, element: Int, count: Int, bounds: ClosedRange<Int64>) -> Int64? {
        let step = Swift.max(whole.magnitude / 10, 1)
        let (element, count) = (Int64(element), Int64(count))
        func beside(_ distance: Int64) -> Int64 {
            let (moved, overflow) = whole.addingReportingOverflow(distance * Int64(step))
            return overflow ? whole : Swift.min(Swift.max(moved, bounds.lowerBound), bounds.upperBound)
        }
        switch self {
        case .count: return element < whole ? 1 : nil
        case .first: return element == 0 ? whole : beside(element)
        case .last: return element == count - 1 ? whole : beside(element - count + 1)
        case .min: return element == count / 2 ? whole : beside(element + 1)
        case .max: return element == count / 2 ? whole : beside(-element - 1)
        case .sum:
            let (share, rest) = whole.floorDivided(by: count)
            return share + (element < rest ? 1 : 0)
        case .mean:
            let isUnpaired = count % 2 == 1 && element == count - 1
            let room = Swift.min(Int64(step), Swift.min(whole - bounds.lowerBound, bounds.upperBound - whole))
            return isUnpaired || room < 0 ? whole : whole + (element % 2 == 0 ? room : -room)
        }
    }

    /// What a decoder makes of all parts, in its order of additions; nil if there are none.
    func reduced(_ whole: Int64, elements: Int, number: WireNumber) -> Double? {
        guard whole != WireLeaf.absent else { return nil }
        switch self {
        case .count: return whole > 0 ? Double(Swift.min(whole, Int64(elements))) : nil
        case .first, .last, .min, .max: return number.raw(whole)
        case .sum, .mean:
            var sum = 0.0
            for element in 0..<elements {
                sum += number.raw(
                    part(of: whole, element: element, count: elements, bounds: number.bounds) ?? 0)
            }
            return self == .sum ? sum : sum / Double(elements)
        }
    }
}
