/// Finds the level of a topic that names its device.
enum TopicNaming {
    /// - Parameter names: what the device is called elsewhere, the best first.
    /// - Returns: the topic with `{device}` for it, and what stood there; nil if no level is one of them.
    static func template(_ topic: String, names: [String]) -> (template: String, device: String)? {
        var levels = levels(topic)
        guard let level = level(levels, names) else { return nil }
        let device = levels[level]
        levels[level] = "{device}"
        return (levels.joined(separator: "/"), device)
    }

    /// One template for topics of a device that differ in its `{field}`.
    /// - Returns: the template, the device, and what the field is in each; nil if they differ in more places than one.
    static func template(ofFields topics: [String], names: [String]) -> (
        template: String, device: String, fields: [String]
    )? {
        let all = topics.map(levels)
        guard let first = all.first, all.allSatisfy({ $0.count == first.count }),
            let device = level(first, names), all.allSatisfy({ $0[device] == first[device] })
        else { return nil }
        let different = first.indices.filter { index in all.contains { $0[index] != first[index] } }
        guard let start = different.first, let end = different.last, !(start...end).contains(device) else {
            return nil
        }
        var levels = first
        for index in start...end { levels[index] = "{field}" }
        levels[device] = "{device}"
        return (
            levels.joined(separator: "/"), first[device], all.map { $0[start...end].joined(separator: "/") }
        )
    }

    private static func levels(_ topic: String) -> [String] {
        topic.unicodeScalars.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    }

    /// The last that is one of `names`; ids are often written with other capitals.
    private static func level(_ levels: [String], _ names: [String]) -> Int? {
        for name in names {
            if let level = levels.lastIndex(where: { $0.lowercased() == name.lowercased() }) { return level }
        }
        return nil
    }
}
