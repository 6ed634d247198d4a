/// A topic of Sparkplug B: `spBv1.0/group/type/edge[/device]` (Sparkplug 3.0 section 4.1).
package struct SparkplugTopic {
    package enum Kind: String, CaseIterable, Sendable {
        case nodeBirth = "NBIRTH"
        case nodeData = "NDATA"
        case nodeDeath = "NDEATH"
        case deviceBirth = "DBIRTH"
        case deviceData = "DDATA"
        case deviceDeath = "DDEATH"

        package var isOfDevice: Bool { rawValue.utf8.first == UInt8(ascii: "D") }
        var isBirth: Bool { self == .nodeBirth || self == .deviceBirth }
    }

    package static let namespace = "spBv1.0"

    package let kind: Kind
    package let group: UnsafeBufferPointer<UInt8>
    package let edge: UnsafeBufferPointer<UInt8>
    /// Empty in messages of the edge node itself.
    package let device: UnsafeBufferPointer<UInt8>

    /// nil if it is none that a host reads: commands, and states of hosts.
    package init?(_ topic: UnsafeBufferPointer<UInt8>) {
        let slash = UInt8(ascii: "/")
        var levels = (0, 0, 0, 0)
        var count = 0
        for index in topic.indices where topic[index] == slash {
            switch count {
            case 0: levels.0 = index
            case 1: levels.1 = index
            case 2: levels.2 = index
            case 3: levels.3 = index
            default: return nil
            }
            count += 1
        }
        guard count >= 3, topic[..<levels.0].elementsEqual(Self.namespace.utf8) else { return nil }
        let type = topic[(levels.1 + 1)..<levels.2]
        guard let kind = Kind.allCases.first(where: { type.elementsEqual($0.rawValue.utf8) }),
            kind.isOfDevice == (count == 4)
        else { return nil }
        self.kind = kind
        group = UnsafeBufferPointer(rebasing: topic[(levels.0 + 1)..<levels.1])
        edge = UnsafeBufferPointer(rebasing: topic[(levels.2 + 1)..<(count == 4 ? levels.3 : topic.count)])
        device = UnsafeBufferPointer(rebasing: topic[(count == 4 ? levels.3 + 1 : topic.count)...])
        guard !group.isEmpty, !edge.isEmpty, device.isEmpty == !kind.isOfDevice else { return nil }
    }

    /// `group/edge` or `group/edge/device`: what names the sender over all edge nodes.
    package var path: String {
        let parts = [group, edge] + (device.isEmpty ? [] : [device])
        return parts.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "/")
    }

    /// The topic of births of the sender at `path`.
    package static func birth(ofPath path: String) -> String {
        var levels = path.unicodeScalars.split(separator: "/").map(String.init)
        let kind = levels.count > 2 ? Kind.deviceBirth : .nodeBirth
        levels.insert(kind.rawValue, at: 1)
        return ([namespace] + levels).joined(separator: "/")
    }
}
