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

    private struct Entry {
        var hash: UInt64 = 0
        var topic: [UInt8] = []
        var route: Route?
        /// Where the device's id stands in the topic.
        var device: Range<Int> = 0..<0
    }

    package let registry: Registry
    package let formats: [PayloadFormat]
    /// Series of all devices, one run per device.
    package let series: [SeriesID]
    private let firstSeries: [Int32]
    private let templates: [TopicTemplate]
    private let profilesOfTemplate: [[Int]]
    private var table: [Entry]
    private var count = 0

    /// Devices may be met under several topics (wards change); four each is more than any city needs, but for those
    /// that have a topic for each field.
    private let maximumTopics: Int

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
        maximumTopics = max(
            registry.devices.reduce(0) { $0 + max(4, registry.profiles[$1.profileIndex].topics.count * 2) }, 4
        )
        var size = 64
        while size < maximumTopics * 2 { size *= 2 }
        table = Array(repeating: Entry(), count: size)
    }

    /// Topic filters to subscribe to.
    package var filters: [String] { Set(templates.flatMap(\.filters)).sorted() }

    package enum Answer {
        case route(Route, device: Range<Int>)
        case unknownDevice
        case unknownTopic
    }

    package func find(_ topic: UnsafeBufferPointer<UInt8>) -> Answer {
        let hash = Fingerprint.of(UnsafeRawBufferPointer(topic))
        var position = Int(truncatingIfNeeded: hash) & (table.count - 1)
        while let route = table[position].route {
            if table[position].hash == hash, table[position].topic.elementsEqual(topic) {
                return .route(route, device: table[position].device)
            }
            position = (position + 1) & (table.count - 1)
        }
        let answer = match(topic)
        if case .route(let route, let device) = answer, count < maximumTopics {
            table[position] = Entry(hash: hash, topic: Array(topic), route: route, device: device)
            count += 1
        }
        return answer
    }

    private func match(_ topic: UnsafeBufferPointer<UInt8>) -> Answer {
        var isKnownShape = false
        for (index, template) in templates.enumerated() {
            guard let device = template.device(in: topic) else { continue }
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
        return isKnownShape ? .unknownDevice : .unknownTopic
    }
}
