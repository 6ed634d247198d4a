/// A topic with captures: `ioc/v1/traffic/{ward}/{device}/tele`.
package struct TopicTemplate: Sendable, Equatable {
    package enum Level: Sendable, Equatable {
        case literal([UInt8])
        case capture(String)
    }

    package enum Mistake: Error, Equatable, Sendable {
        case empty
        case tooManyLevels(Int)
        case wildcard(String)
        case badCapture(String)
        case repeatedCapture(String)
        case noDevice
    }

    /// mosquitto refuses more than 200 levels; nobody writes more than ten.
    package static let maximumLevels = 16

    /// Whether `topic` is longer than `bytes`, or deeper than any template.
    package static func isTooLong(_ topic: UnsafeBufferPointer<UInt8>, bytes: Int) -> Bool {
        topic.count > bytes || topic.count(where: { $0 == UInt8(ascii: "/") }) >= maximumLevels
    }

    package let text: String
    package let levels: [Level]
    /// Index of the level that names the device.
    package let deviceLevel: Int

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
                guard !captures.contains(name) else { throw .repeatedCapture(name) }
                captures.append(name)
                levels.append(.capture(name))
            } else {
                guard !part.contains("+"), !part.contains("#") else { throw .wildcard(String(part)) }
                guard !part.contains("{"), !part.contains("}") else { throw .badCapture(String(part)) }
                levels.append(.literal(Array(String(part).utf8)))
            }
        }
        guard let device = levels.firstIndex(of: .capture("device")) else { throw .noDevice }
        self.text = text
        self.levels = levels
        deviceLevel = device
    }

    /// What to subscribe to: captures become `+`.
    package var filter: String {
        levels.map { level in
            switch level {
            case .literal(let bytes): String(decoding: bytes, as: UTF8.self)
            case .capture: "+"
            }
        }.joined(separator: "/")
    }

    /// The topic of one device; captures without a value become `_`.
    package func topic(_ values: [String: String]) -> String {
        levels.map { level in
            switch level {
            case .literal(let bytes): String(decoding: bytes, as: UTF8.self)
            case .capture(let name): values[name] ?? "_"
            }
        }.joined(separator: "/")
    }

    /// The id that a device's level in a topic stands for: ids have no capitals, and some systems write theirs with.
    package static func key(_ device: UnsafeBufferPointer<UInt8>) -> String {
        String(decoding: device.lazy.map(\.lowercased), as: UTF8.self)
    }

    /// The bytes of `{device}` if `topic` fits, else nil.
    package func device(in topic: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8>? {
        var start = 0
        var found: UnsafeBufferPointer<UInt8>?
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
            }
            start = end + 1
        }
        return start == topic.count + 1 ? found : nil
    }
}
