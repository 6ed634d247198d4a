/// The devices that payloads of several devices may name, found by the bytes of their names without allocating.
///
/// Owned by the decoding thread.
package final class DeviceDirectory {
    /// A name by which a device is found.
    package struct Name: Sendable {
        package var text: String
        /// Whether capitals count, as they do in aliases.
        package var isExact: Bool
        /// Number of the device, by whatever its owner counts.
        package var device: Int32
        /// Whether it speaks the profile at hand; others are known, and passed over.
        package var isOurs: Bool

        package init(_ text: String, isExact: Bool, device: Int32, isOurs: Bool) {
            self.text = text
            self.isExact = isExact
            self.device = device
            self.isOurs = isOurs
        }
    }

    package enum Finding: Equatable {
        case device(Int32)
        /// A device of another profile, which reads it itself.
        case elsewhere
        case unknown
    }

    /// A name as it is looked up.
    private struct Entry: BitwiseCopyable {
        var hash: UInt64
        /// Where it stands in `bytes`.
        var start: Int32
        var count: Int32
        var device: Int32
        var isExact: Bool
        var isOurs: Bool
    }

    /// All names, one behind the other.
    private var bytes: [UInt8] = []
    private var entries: [Entry] = []
    /// Positions in `entries`, negative where there is none; a power of two.
    private var table: [Int32] = []
    private let welcomesStrangers: Bool
    /// Unknown names that became devices.
    package private(set) var strangers: [String] = []
    private var next: Int32

    /// - Parameter welcomesStrangers: whether an unknown name becomes a device when it is met: where there is no fleet.
    package init(_ names: [Name], welcomesStrangers: Bool = false) {
        self.welcomesStrangers = welcomesStrangers
        next = (names.map(\.device).max() ?? -1) + 1
        for name in names { add(name) }
    }

    /// The device that `text` names: to the letter by an exact name, or else by one of which capitals do not count.
    package func find(_ text: UnsafeBufferPointer<UInt8>) -> Finding {
        var found: Entry?
        let hash = Self.hash(text)
        var position = Int(truncatingIfNeeded: hash) & (table.count - 1)
        while !table.isEmpty, table[position] >= 0 {
            let entry = entries[Int(table[position])]
            if entry.hash == hash, isSame(text, entry) {
                found = entry
                if entry.isExact { break }
            }
            position = (position + 1) & (table.count - 1)
        }
        if let found { return found.isOurs ? .device(found.device) : .elsewhere }
        guard welcomesStrangers, !text.isEmpty else { return .unknown }
        defer { next += 1 }
        strangers.append(String(decoding: text, as: UTF8.self))
        add(Name(strangers[strangers.count - 1], isExact: false, device: next, isOurs: true))
        return .device(next)
    }

    /// What a device is called first.
    package func name(of device: Int32) -> String? {
        entries.first { $0.device == device }.map { entry in
            String(decoding: bytes[Int(entry.start)..<Int(entry.start + entry.count)], as: UTF8.self)
        }
    }

    private func isSame(_ text: UnsafeBufferPointer<UInt8>, _ entry: Entry) -> Bool {
        guard text.count == Int(entry.count) else { return false }
        for offset in 0..<text.count {
            let (one, other) = (text[offset], bytes[Int(entry.start) + offset])
            guard entry.isExact ? one == other : one.lowercased == other.lowercased else { return false }
        }
        return true
    }

    private func add(_ name: Name) {
        let start = bytes.count
        bytes.append(contentsOf: name.text.utf8)
        var text = name.text
        entries.append(
            Entry(
                hash: text.withUTF8(Self.hash), start: Int32(start), count: Int32(bytes.count - start),
                device: name.device, isExact: name.isExact, isOurs: name.isOurs))
        guard entries.count * 2 > table.count else { return enter(entries.count - 1) }
        table = Array(repeating: -1, count: max(64, table.count * 2))
        for index in entries.indices { enter(index) }
    }

    private func enter(_ index: Int) {
        var position = Int(truncatingIfNeeded: entries[index].hash) & (table.count - 1)
        while table[position] >= 0 { position = (position + 1) & (table.count - 1) }
        table[position] = Int32(index)
    }

    /// FNV-1a (Fowler, Noll, Vo; RFC 9923) of the text in small letters: names are short.
    private static func hash(_ text: UnsafeBufferPointer<UInt8>) -> UInt64 {
        text.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1.lowercased)) &* 0x100_0000_01B3 }
    }
}

extension DeviceDirectory {
    /// The devices of all profiles that share a topic with `profile`, by their positions in `devices`.
    package convenience init(
        of profile: Int, _ profiles: [DeviceProfile], _ devices: [Device], welcomesStrangers: Bool = false
    ) {
        let sharing = Set(
            profiles.indices.filter { profiles[$0].topics.contains(where: profiles[profile].topics.contains) }
        )
        let names = devices.enumerated().filter { sharing.contains($1.profileIndex) }.flatMap {
            slot, device in
            ([(device.key, false)] + (device.alias.map { [($0, true)] } ?? [])).map { text, isExact in
                Name(text, isExact: isExact, device: Int32(slot), isOurs: device.profileIndex == profile)
            }
        }
        self.init(names, welcomesStrangers: welcomesStrangers)
    }
}
