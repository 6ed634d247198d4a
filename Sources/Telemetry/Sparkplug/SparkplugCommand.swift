/// What a host says to edge nodes.
package enum SparkplugCommand {
    /// Topic and payload that ask an edge node to say its births again: the metric `Node Control/Rebirth`, a true
    /// boolean (Sparkplug 3.0 section 6.4.9).
    package static func rebirth(group: String, edge: String, now: Milliseconds) -> (
        topic: String, payload: [UInt8]
    ) {
        var metric = bytes(1, Array("Node Control/Rebirth".utf8))
        metric += number(3, UInt64(max(now, 0)))
        metric += number(4, 11)
        metric += number(14, 1)
        let payload = number(1, UInt64(max(now, 0))) + bytes(2, metric)
        return ("\(SparkplugTopic.namespace)/\(group)/NCMD/\(edge)", payload)
    }

    /// Topic of a host's own state, retained: edge nodes that wait for it keep their values while it is away.
    package static func stateTopic(host: String) -> String { "\(SparkplugTopic.namespace)/STATE/\(host)" }

    /// - Parameter since: when the session began; the same in the will and in the birth (section 6.4.3).
    package static func state(isOnline: Bool, since: Milliseconds) -> [UInt8] {
        Array("{\"online\":\(isOnline),\"timestamp\":\(since)}".utf8)
    }

    /// Whether a host's state says that it is there. Hosts write it with spaces or without.
    package static func isOnline(_ state: UnsafeRawBufferPointer) -> Bool {
        let letters = state.filter { $0 != UInt8(ascii: " ") }
        let wanted = Array("\"online\":true".utf8)
        return letters.indices.contains { letters[$0...].starts(with: wanted) }
    }

    private static func varint(_ value: UInt64) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }

    private static func number(_ field: UInt64, _ value: UInt64) -> [UInt8] {
        varint(field << 3) + varint(value)
    }

    private static func bytes(_ field: UInt64, _ content: [UInt8]) -> [UInt8] {
        varint(field << 3 | 2) + varint(UInt64(content.count)) + content
    }
}
