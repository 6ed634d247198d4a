/// Which measurements the names of a pack mean: packs say the same few names again and again, mostly in the same order, and
/// a name met before need not be checked, looked up and compared with the device's again.
struct SenMLNames {
    struct Meaning: BitwiseCopyable {
        /// Columns of its value and of its sum, negative if the profile has none.
        var value: Int32 = -1
        var sum: Int32 = -1
    }

    struct Known: BitwiseCopyable {
        /// Where the name stands in the payload, without the base name.
        var start: Int32
        var end: Int32
        var meaning: Meaning
    }

    /// More than most packs have; of others the first are known.
    static let capacity = 16

    private let known: UnsafeMutableBufferPointer<Known>
    private var count = 0
    private var next = 0
    /// The base name by which all are known, as the pack counts them.
    private var baseNames = 0

    /// - Parameter room: for `capacity` names, as long as the pack is read.
    init(room: UnsafeMutableBufferPointer<Known>) { known = room }

    /// What the name of the record in hand was found to mean; nil if it was not met before.
    @inline(__always)
    mutating func meaning(_ pack: SenMLPack, in bytes: UnsafePointer<UInt8>) -> Meaning? {
        if baseNames != pack.baseNames {
            baseNames = pack.baseNames
            count = 0
        }
        let name = pack.record.name
        guard !name.isIndirect else { return nil }
        for _ in 0..<count {
            if next >= count { next = 0 }
            let found = known[next]
            next += 1
            if found.end - found.start == name.end - name.start,
                (bytes + Int(found.start)).starts(
                    withThoseAt: bytes + Int(name.start), count: Int(name.end - name.start))
            {
                return found.meaning
            }
        }
        return nil
    }

    /// Notes what the name of the record in hand means.
    mutating func note(_ meaning: Meaning, _ pack: SenMLPack) {
        guard count < Self.capacity, !pack.record.name.isIndirect else { return }
        known[count] = Known(start: pack.record.name.start, end: pack.record.name.end, meaning: meaning)
        count += 1
        next = count
    }
}
