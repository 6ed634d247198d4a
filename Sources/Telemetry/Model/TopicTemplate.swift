/// A topic with captures: `ioc/v1/traffic/{ward}/{device}/tele`.
package struct TopicTemplate: Sendable, Equatable {
    package enum Level: Sendable, Equatable {
        case literal([UInt8])
        case capture(String)
        /// The device inside a level: `Datastreams({device})`.
        case device(prefix: [UInt8], suffix: [UInt8])

        var namesDevice: Bool {
            if case .device = self { true } else { self == .capture(TopicTemplate.deviceName) }
        }
    }

    fileprivate static let deviceName = "device"

    package enum Mistake: Error, Equatable, Sendable {
        case empty
        case tooManyLevels(Int)
        case wildcard(String)
        case badCapture(String)
        case repeatedCapture(String)
    }

    /// mosquitto refuses more than 200 levels; nobody writes more than ten.
    package static let maximumLevels = 16

    /// Whether `topic` is longer than `bytes`, or deeper than any template.
    package static func isTooLong(_ topic: UnsafeBufferPointer<UInt8>, bytes: Int) -> Bool {
        topic.count > bytes || topic.count(where: { $0 == UInt8(ascii: "/") }) >= maximumLevels
    }

    package let text: String
    package let levels: [Level]
    /// Index of the level that names the device; nil if payloads say whose their readings are.
    package let deviceLevel: Int?
    /// Which field of a scalar profile the payload is; see `filled`.
    package private(set) var field = 0

    package init(_ text: String) throws(Mistake) {
        guard !text.isEmpty else { throw .empty }
        // By scalars: to Swift a slash with an accent behind it is another character, to MQTT it ends a level.
        let parts = text.unicodeScalars.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= Self.maximumLevels else { throw .tooManyLevels(parts.count) }
        var levels: [Level] = []
        var captures: [String] = []
        for part in parts {
            if part.first == "{", part.last == "}", part.count >= 2 {
                let name = String(part.dropFirst().dropLast())
                guard !name.isEmpty, name.allSatisfy({ $0.isLetter || $0.isNumber }) else {
                    throw .badCapture(String(part))
                }
                // Several levels may name the field together, one right behind the other.
                let goesOn = name == Self.fieldName && levels.last == .capture(name)
                guard !captures.contains(name) || goesOn else { throw .repeatedCapture(name) }
                captures.append(name)
                levels.append(.capture(name))
            } else {
                guard !part.contains("+"), !part.contains("#") else { throw .wildcard(String(part)) }
                levels.append(try Self.level(part))
            }
        }
        guard levels.count(where: \.namesDevice) <= 1 else { throw .repeatedCapture(Self.deviceName) }
        self.text = text
        self.levels = levels
        deviceLevel = levels.firstIndex(where: \.namesDevice)
    }

    /// A level that is no capture as a whole: a literal, or the device with something before or behind it.
    private static func level(_ part: Substring.UnicodeScalarView) throws(Mistake) -> Level {
        let marks = part.indices.filter { part[$0] == "{" || part[$0] == "}" }
        if marks.isEmpty { return .literal(Array(String(part).utf8)) }
        guard marks.count == 2, part[marks[0]] == "{", part[marks[1]] == "}",
            String(part[part.index(after: marks[0])..<marks[1]]) == deviceName
        else { throw .badCapture(String(part)) }
        return .device(
            prefix: Array(String(part[..<marks[0]]).utf8),
            suffix: Array(String(part[part.index(after: marks[1])...]).utf8))
    }

    /// The capture that names the field of a scalar profile: `shellies/{device}/sensor/{field}`.
    private static let fieldName = "field"

    package var namesField: Bool { levels.contains(.capture(Self.fieldName)) }

    /// The template of one field, so that nothing is subscribed to but the fields a profile has.
    /// - Parameters:
    ///   - name: as many levels as there are `{field}`, divided by `/`.
    ///   - field: what `field` is to be.
    /// - Returns: nil if the levels are not as many, or one of them is empty or a wildcard.
    package func filled(with name: String, field: Int) -> TopicTemplate? {
        let parts = name.unicodeScalars.split(separator: "/", omittingEmptySubsequences: false).map(
            String.init)
        guard let first = levels.firstIndex(of: .capture(Self.fieldName)),
            levels.count(where: { $0 == .capture(Self.fieldName) }) == parts.count,
            parts.allSatisfy({ part in
                !part.isEmpty && !part.unicodeScalars.contains { "+#{}".unicodeScalars.contains($0) }
            })
        else { return nil }
        var texts = levels.map { level in
            switch level {
            case .literal(let bytes): String(decoding: bytes, as: UTF8.self)
            case .capture(let name): "{\(name)}"
            case .device(let prefix, let suffix): Self.around("{\(Self.deviceName)}", prefix, suffix)
            }
        }
        texts.replaceSubrange(first..<first + parts.count, with: parts)
        var filled = try? TopicTemplate(texts.joined(separator: "/"))
        filled?.field = field
        return filled
    }

    /// Whether it is of Sparkplug B, with its devices or its edge nodes in the last level.
    package var isSparkplug: Bool {
        levels.first == .literal(Array(SparkplugTopic.namespace.utf8)) && (4...5).contains(levels.count)
            && levels[2] == .capture("type") && levels.last == .capture(Self.deviceName)
    }

    /// What to subscribe to. For devices of Sparkplug B also what their edge nodes say of themselves.
    package var filters: [String] {
        guard isSparkplug else { return [filter] }
        let parts = filter.split(separator: "/").map(String.init)
        return SparkplugTopic.Kind.allCases.compactMap { kind in
            guard !kind.isOfDevice || parts.count == 5 else { return nil }
            let own = kind.isOfDevice ? parts : Array(parts[..<4])
            return (own[..<2] + [kind.rawValue] + own[3...]).joined(separator: "/")
        }
    }

    /// The topic with each capture as `+`.
    package var filter: String {
        levels.map { level in
            switch level {
            case .literal(let bytes): String(decoding: bytes, as: UTF8.self)
            case .capture, .device: "+"
            }
        }.joined(separator: "/")
    }

    /// What to subscribe to for one device.
    /// - Parameter device: what topics call it; of Sparkplug B also with group and edge node: `group/edge/device`.
    package func filter(of device: String) -> String {
        let path =
            isSparkplug
            ? device.unicodeScalars.split(separator: "/").map(String.init) : [device]
        // Group and edge node stand around the type.
        let ofEdge = isSparkplug && path.count == levels.count - 2 ? [1: path[0], 3: path[1]] : [:]
        return levels.enumerated().map { index, level in
            switch level {
            case .literal(let bytes): String(decoding: bytes, as: UTF8.self)
            case .capture: index == deviceLevel ? path.last ?? device : ofEdge[index] ?? "+"
            case .device(let prefix, let suffix): Self.around(device, prefix, suffix)
            }
        }.joined(separator: "/")
    }

    /// The topic of one device; captures without a value become `_`.
    package func topic(_ values: [String: String]) -> String {
        levels.map { level in
            switch level {
            case .literal(let bytes): String(decoding: bytes, as: UTF8.self)
            case .capture(let name): values[name] ?? "_"
            case .device(let prefix, let suffix):
                Self.around(values[Self.deviceName] ?? "_", prefix, suffix)
            }
        }.joined(separator: "/")
    }

    private static func around(_ text: String, _ prefix: [UInt8], _ suffix: [UInt8]) -> String {
        String(decoding: prefix + Array(text.utf8) + suffix, as: UTF8.self)
    }

    /// The id that a device's level in a topic stands for: ids have no capitals, and some systems write theirs with.
    package static func key(_ device: UnsafeBufferPointer<UInt8>) -> String {
        String(decoding: device.lazy.map(\.lowercased), as: UTF8.self)
    }

    /// The bytes of `{device}` if `topic` fits, else nil; empty where payloads say whose their readings are.
    package func device(in topic: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8>? {
        var start = 0
        var found = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
        for (index, level) in levels.enumerated() {
            guard start <= topic.count else { return nil }
            var end = start
            while end < topic.count, topic[end] != UInt8(ascii: "/") { end += 1 }
            let part = UnsafeBufferPointer(rebasing: topic[start..<end])
            switch level {
            case .literal(let bytes):
                guard part.count == bytes.count, part.elementsEqual(bytes) else { return nil }
            case .capture:
                guard !part.isEmpty else { return nil }
                if index == deviceLevel { found = part }
            case .device(let prefix, let suffix):
                guard part.count > prefix.count + suffix.count, part.starts(with: prefix),
                    part.suffix(suffix.count).elementsEqual(suffix)
                else { return nil }
                found = UnsafeBufferPointer(rebasing: part[prefix.count..<part.count - suffix.count])
            }
            start = end + 1
        }
        return start == topic.count + 1 ? found : nil
    }
}
