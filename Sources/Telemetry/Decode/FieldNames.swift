/// The names of a plan's record slots, found by their bytes: for all formats whose fields are named and not pointed at.
package struct FieldNames: Sendable {
    private struct Name: BitwiseCopyable, Sendable {
        var start: Int32
        var count: Int32
        var slot: Int32
        /// Whether another name ends in a dot and this one, so that it must be looked for first.
        var isShadowed = false
    }

    private var names: [Name] = []
    private var bytes: [UInt8] = []

    package init() {}

    package mutating func add(_ name: some Collection<UInt8>, slot: Int) {
        var added = Name(start: Int32(bytes.count), count: Int32(name.count), slot: Int32(slot))
        for index in names.indices {
            let known = bytes[range(names[index])]
            if Self.ends(known, in: name) { added.isShadowed = true }
            if Self.ends(name, in: known) { names[index].isShadowed = true }
        }
        bytes.append(contentsOf: name)
        names.append(added)
    }

    private func range(_ name: Name) -> Range<Int> { Int(name.start)..<Int(name.start + name.count) }

    private static func ends(_ whole: some Collection<UInt8>, in name: some Collection<UInt8>) -> Bool {
        whole.count > name.count && whole.suffix(name.count).elementsEqual(name)
            && whole.dropLast(name.count).last == UInt8(ascii: ".")
    }

    /// The slot of `name`, nil if it is none of the plan's.
    /// - Parameter next: where to look first. Messages keep the order of their fields, so it is moved behind what was
    ///   found; 0 at the beginning.
    func slot(_ name: UnsafeBufferPointer<UInt8>, next: inout Int) -> Int? {
        find(next: &next) { _, bytes in bytes.count == name.count && bytes.elementsEqual(name) }
    }

    /// The slot of `scope.name`; if that is none of the plan's, the slot of `name` alone.
    func slot(
        _ name: UnsafeBufferPointer<UInt8>, in scope: UnsafeBufferPointer<UInt8>, next: inout Int
    ) -> Int? {
        let whole = scope.count + 1 + name.count
        func isWhole(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
            bytes.count == whole && bytes[scope.count] == UInt8(ascii: ".") && bytes.starts(with: scope)
                && bytes[(scope.count + 1)...].elementsEqual(name)
        }
        func isAlone(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
            bytes.count == name.count && bytes.elementsEqual(name)
        }
        let quick = find(next: &next) { known, bytes in
            isWhole(bytes) || !known.isShadowed && isAlone(bytes)
        }
        return quick ?? find(next: &next) { _, bytes in isAlone(bytes) }
    }

    @inline(__always)
    private func find(next: inout Int, _ isSame: (Name, UnsafeBufferPointer<UInt8>) -> Bool) -> Int? {
        bytes.withUnsafeBufferPointer { bytes in
            var index = next < names.count ? next : 0
            for _ in names.indices {
                let name = names[index]
                index += 1
                if isSame(name, UnsafeBufferPointer(rebasing: bytes[range(name)])) {
                    next = index
                    return Int(name.slot)
                }
                if index == names.count { index = 0 }
            }
            return nil
        }
    }
}
