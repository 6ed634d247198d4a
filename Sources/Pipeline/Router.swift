package import Telemetry

/// Finds the device a topic belongs to.
///
/// A table keyed by the topic's bytes answers for topics met before; new ones are matched against the templates once. The
/// table holds topics of known devices only, so strangers cannot fill it.
package final class Router {
    package struct Route: BitwiseCopyable, Sendable {
        package var slot: Int32
        package var device: DeviceID
        package var profile: Int32
        /// Which field of a scalar profile the topic is.
        package var field: Int32
        /// Position of the device's first series in `series`.
        package var firstSeries: Int32
    }

    /// Without a reference, and little more than a line of the cache: of many devices each message finds another.
    private struct Entry {
        var hash: UInt64 = 0
        /// In `topics`.
        var start = 0
        var count: Int32 = 0
        var answer: Answer?
    }

    package let registry: Registry
    package let formats: [PayloadFormat]
    /// Series of all devices, one run per device.
    package let series: [SeriesID]
    private let firstSeries: [Int32]
    /// By profile: whom its payloads may name; nil where the topic names the device.
    package let directories: [DeviceDirectory?]
    private let templates: [TopicTemplate]
    private let profilesOfTemplate: [[Int]]
    private var table: [Entry]
    /// Of all entries, one behind the other.
    private var topics: [UInt8] = []
    private var count = 0
    private var sharedTopics = 0

    /// Devices may be met under several topics (wards change); four each is more than any city needs, but for those
    /// that have a topic for each field.
    private let maximumTopics: Int

    /// Topics of payloads of several devices, each that of a gateway: kept apart, for strangers can make them up.
    private static let maximumSharedTopics = 256

    package init(registry: Registry) {
        self.registry = registry
        formats = registry.profiles.map(\.format)
        var series: [SeriesID] = []
        var firstSeries: [Int32] = []
        for ids in registry.seriesIDs {
            firstSeries.append(Int32(series.count))
            series.append(contentsOf: ids)
        }
        self.series = series
        self.firstSeries = firstSeries
        var templates: [TopicTemplate] = []
        var profilesOfTemplate: [[Int]] = []
        for (index, profile) in registry.profiles.enumerated() {
            for template in profile.topics {
                if let known = templates.firstIndex(of: template) {
                    profilesOfTemplate[known].append(index)
                } else {
                    templates.append(template)
                    profilesOfTemplate.append([index])
                }
            }
        }
        self.templates = templates
        self.profilesOfTemplate = profilesOfTemplate
        directories = registry.profiles.indices.map { profile in
            registry.profiles[profile].wire.namesDevices
                ? DeviceDirectory(of: profile, registry.profiles, registry.devices) : nil
        }
        hasSharedTopics = directories.contains { $0 != nil }
        maximumTopics = max(
            registry.devices.reduce(0) { $0 + max(4, registry.profiles[$1.profileIndex].topics.count * 2) }, 4
        )
        var size = 64
        while size < (maximumTopics + Self.maximumSharedTopics) * 2 { size *= 2 }
        table = Array(repeating: Entry(), count: size)
    }

    /// Whether a message may be of several devices.
    package let hasSharedTopics: Bool

    /// Topic filters to subscribe to.
    package var filters: [String] { Set(templates.flatMap(\.filters)).sorted() }

    package enum Answer {
        /// - device: where its name stands in the topic.
        case route(Route, device: Range<Int>)
        /// Payloads say whose their readings are: devices of the profiles of this template.
        case shared(template: Int)
        case unknownDevice
        case unknownTopic
    }

    package func find(_ topic: UnsafeBufferPointer<UInt8>) -> Answer {
        let hash = Fingerprint.of(UnsafeRawBufferPointer(topic))
        var position = Int(truncatingIfNeeded: hash) & (table.count - 1)
        while let answer = table[position].answer {
            if table[position].hash == hash, isTopic(topic, of: position) { return answer }
            position = (position + 1) & (table.count - 1)
        }
        let answer = match(topic)
        if hasRoom(for: answer) {
            table[position] = Entry(
                hash: hash, start: topics.count, count: Int32(topic.count), answer: answer)
            topics.append(contentsOf: topic)
        }
        return answer
    }

    @inline(__always)
    private func isTopic(_ topic: UnsafeBufferPointer<UInt8>, of position: Int) -> Bool {
        let (start, count) = (table[position].start, Int(table[position].count))
        return topics.withUnsafeBufferPointer {
            UnsafeBufferPointer(rebasing: $0[start..<start + count]).isSame(as: topic)
        }
    }

    /// Whether a topic may enter the table.
    private func hasRoom(for answer: Answer) -> Bool {
        switch answer {
        case .route where count < maximumTopics: count += 1
        case .shared where sharedTopics < Self.maximumSharedTopics: sharedTopics += 1
        default: return false
        }
        return true
    }

    /// The profiles whose devices share a template's topics.
    package func profiles(ofTemplate template: Int) -> [Int] { profilesOfTemplate[template] }

    /// Where the series of a device begin in `series`.
    package func firstSeries(ofSlot slot: Int) -> Int { Int(firstSeries[slot]) }

    private func match(_ topic: UnsafeBufferPointer<UInt8>) -> Answer {
        var isKnownShape = false
        var shared: Int?
        for (index, template) in templates.enumerated() {
            guard let device = template.device(in: topic) else { continue }
            if template.deviceLevel == nil {
                shared = shared ?? index
                continue
            }
            isKnownShape = true
            guard let slot = registry.slot(named: device, in: topic),
                profilesOfTemplate[index].contains(registry.devices[slot].profileIndex)
            else { continue }
            let start = device.baseAddress! - topic.baseAddress!
            return .route(
                Route(
                    slot: Int32(slot), device: registry.deviceIDs[slot],
                    profile: Int32(registry.devices[slot].profileIndex), field: Int32(template.field),
                    firstSeries: firstSeries[slot]),
                device: start..<start + device.count)
        }
        if let shared { return .shared(template: shared) }
        return isKnownShape ? .unknownDevice : .unknownTopic
    }
}
