/// A resolved name: base name and name in one, without a copy (RFC 8428 section 4.6).
struct SenMLName {
    let base: UnsafeBufferPointer<UInt8>
    let own: UnsafeBufferPointer<UInt8>

    private var count: Int { base.count + own.count }

    private subscript(index: Int) -> UInt8 { index < base.count ? base[index] : own[index - base.count] }

    /// The measurement that ends the name, standing alone or behind `:` or `/`; the longest if there are several.
    func column(_ plan: borrowing SenMLPlan) -> Int? {
        var found: Int?
        var longest = -1
        for index in plan.columns.indices {
            let wanted = plan.columns[index].name
            guard wanted.count > longest, count >= wanted.count else { continue }
            let first = count - wanted.count
            guard first == 0 || Self.isSeparator(self[first - 1]) else { continue }
            if wanted.indices.allSatisfy({ self[first + $0] == wanted[$0] }) {
                found = index
                longest = wanted.count
            }
        }
        return found
    }

    /// Whether what stands before the last `suffix` bytes is nothing, or ends in `device`.
    func isOf(_ device: UnsafeBufferPointer<UInt8>, before suffix: Int) -> Bool {
        var end = count - suffix
        while end > 0, Self.isSeparator(self[end - 1]) { end -= 1 }
        guard end > 0 else { return true }
        let first = end - device.count
        guard first >= 0, first == 0 || Self.isSeparator(self[first - 1]) else { return false }
        return device.indices.allSatisfy { self[first + $0] == device[$0] }
    }

    private static func isSeparator(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ":") || byte == UInt8(ascii: "/")
    }
}
