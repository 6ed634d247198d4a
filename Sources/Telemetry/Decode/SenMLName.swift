/// A resolved name: base name and name in one, without a copy (RFC 8428 section 4.6).
struct SenMLName {
    let base: UnsafeBufferPointer<UInt8>
    let own: UnsafeBufferPointer<UInt8>

    private var count: Int { base.count + own.count }

    private subscript(index: Int) -> UInt8 { index < base.count ? base[index] : own[index - base.count] }

    /// Whether it has only characters a name may have, the first of them a letter or digit (section 4.5.1).
    var isValid: Bool {
        count > 0 && Self.isAlphanumeric(self[0]) && base.allSatisfy(SenMLPlan.isOfName)
            && own.allSatisfy(SenMLPlan.isOfName)
    }

    static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte)
    }

    /// The measurement that ends the name, standing alone or behind `:` or `/`; the longest if there are several.
    /// - Parameter sum: whether its sum is meant.
    func column(_ plan: borrowing SenMLPlan, sum: Bool) -> Int? {
        var found: Int?
        var longest = -1
        for index in 0..<plan.columns.count where plan.columns[index].isSum == sum {
            let wanted = plan.columns[index].name
            guard wanted.count > longest, count >= wanted.count else { continue }
            let first = count - wanted.count
            guard first == 0 || Self.isSeparator(self[first - 1]) else { continue }
            var offset = 0
            while offset < wanted.count, self[first + offset] == plan.bytes[wanted.lowerBound + offset] {
                offset += 1
            }
            if offset == wanted.count {
                found = index
                longest = wanted.count
            }
        }
        return found
    }

    /// Whether what stands before the last `suffix` bytes is nothing, or ends in `device`. Capitals are small letters, as
    /// in topics.
    func isOf(_ device: UnsafeBufferPointer<UInt8>, before suffix: Int) -> Bool {
        var end = count - suffix
        while end > 0, Self.isSeparator(self[end - 1]) { end -= 1 }
        guard end > 0 else { return true }
        let first = end - device.count
        guard first >= 0, first == 0 || Self.isSeparator(self[first - 1]) else { return false }
        return device.indices.allSatisfy { self[first + $0].lowercased == device[$0].lowercased }
    }

    /// The part of the name that stands right before the last `suffix` bytes, empty if none does.
    func withDevice<Result>(
        before suffix: Int, in scratch: DecodeScratch, _ body: (UnsafeBufferPointer<UInt8>) -> Result
    ) -> Result {
        var end = count - suffix
        while end > 0, Self.isSeparator(self[end - 1]) { end -= 1 }
        var first = end
        while first > 0, !Self.isSeparator(self[first - 1]) { first -= 1 }
        if end <= base.count { return body(UnsafeBufferPointer(rebasing: base[first..<end])) }
        if first >= base.count {
            return body(UnsafeBufferPointer(rebasing: own[first - base.count..<end - base.count]))
        }
        // It begins in the base name and ends in the own.
        for index in first..<end { scratch.bytes[index - first] = self[index] }
        return body(UnsafeBufferPointer(rebasing: scratch.bytes[..<(end - first)]))
    }

    var text: String { String(decoding: Array(base) + Array(own), as: UTF8.self) }

    private static func isSeparator(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ":") || byte == UInt8(ascii: "/")
    }
}
