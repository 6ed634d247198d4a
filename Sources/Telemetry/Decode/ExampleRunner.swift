/// Runs the examples of profiles: each message goes the way a live one goes.
package struct ExampleRunner {
    private let profiles: [DeviceProfile]
    private let fleet: [Device]
    /// Devices by their key.
    private let devices: [String: Device]
    private let devicesByAlias: [String: Device]
    /// Profiles with a device in the fleets; the others are for replays, and any device may speak them.
    private let profilesInUse: Set<Int>
    private let scratch: DecodeScratch

    package init(profiles: [DeviceProfile], devices: [Device], limits: DecodeLimits = DecodeLimits()) {
        self.profiles = profiles
        fleet = devices
        self.devices = Dictionary(devices.map { ($0.key, $0) }) { first, _ in first }
        devicesByAlias = Dictionary(devices.compactMap { device in device.alias.map { ($0, device) } }) {
            first, _ in first
        }
        profilesInUse = Set(devices.map(\.profileIndex))
        scratch = DecodeScratch(limits: limits)
    }

    /// - Returns: what did not come as expected, nil if all did.
    package func run(_ example: Example, of profile: DeviceProfile) -> String? {
        switch (decode(example, profile), example.expectation) {
        case (.otherProfile(let other), _): "the topic belongs to a device of \(other)"
        case (.rejected(let found), .rejected(let wanted)) where found.reason == wanted: nil
        case (.rejected(let found), .rejected(let wanted)):
            "expected `\(wanted.rawValue)`, got `\(found.reason.rawValue)` at byte \(found.offset)"
        case (.rejected(let found), .readings):
            "expected readings, got `\(found.reason.rawValue)` at byte \(found.offset)"
        case (.readings(let found, _), .rejected(let wanted)):
            "expected `\(wanted.rawValue)`, got \(Self.describe(found))"
        case (.readings(let found, let partial), .readings(let wanted)):
            Self.compare(found, wanted) ?? Self.compare(partial, example.partial)
        }
    }

    // MARK: Decoding

    private enum Outcome {
        case readings([String: [Example.Value]], partial: Rejection?)
        case rejected(Rejection)
        case otherProfile(String)
    }

    private func decode(_ example: Example, _ profile: DeviceProfile) -> Outcome {
        var topic = example.topic
        return topic.withUTF8 { topic in
            guard !TopicTemplate.isTooLong(topic, bytes: scratch.limits.topicBytes) else {
                return .rejected(Rejection(.topicTooLong))
            }
            if profile.wire.namesDevices, let device = profile.device(in: topic) {
                return decode(example, profile, device.name, 0)
            }
            let (profileIndex, device, field) = route(topic)
            guard let device else {
                return .rejected(Rejection(profileIndex == nil ? .unknownTopic : .unknownDevice))
            }
            guard let profileIndex, profiles[profileIndex].id == profile.id else {
                return .otherProfile(profileIndex.map { profiles[$0].id } ?? "no profile")
            }
            return decode(example, profile, device, field)
        }
    }

    /// The profile, device and field of `topic`; a profile without a device if only the topic's shape is known.
    private func route(_ topic: UnsafeBufferPointer<UInt8>) -> (
        profile: Int?, device: UnsafeBufferPointer<UInt8>?, field: Int
    ) {
        var shaped: Int?
        for (index, profile) in profiles.enumerated() {
            for template in profile.topics {
                guard let bytes = template.device(in: topic) else { continue }
                shaped = shaped ?? index
                let device =
                    devicesByAlias[Registry.name(bytes, in: topic)] ?? devices[TopicTemplate.key(bytes)]
                if device?.profileIndex == index || !profilesInUse.contains(index) {
                    return (index, bytes, template.field)
                }
            }
        }
        return (shaped, nil, 0)
    }

    private func decode(
        _ example: Example, _ profile: DeviceProfile, _ device: UnsafeBufferPointer<UInt8>, _ field: Int
    ) -> Outcome {
        var message = DecodedMessage()
        scratch.directory = profile.wire.namesDevices ? directory(of: profile) : nil
        let rejection = example.payload.withUnsafeBytes {
            // Examples are written as they are read, not as they are packed.
            profile.format.unpacked.decode(
                $0, device: device, field: field, now: example.now, into: scratch, &message)
        }
        if let rejection { return .rejected(rejection) }
        var found: [String: [Example.Value]] = [:]
        scratch.forEachReading { reading, device in
            let measurement = profile.measurements[reading.series.index]
            let value = measurement.kind == .ratio ? reading.value / reading.weight : reading.value
            let key = device.map { Example.key($0, measurement.name) } ?? measurement.name
            found[key, default: []].append(Example.Value(value: value, quality: reading.quality))
        }
        return .readings(found, partial: message.partial)
    }

    /// Whom payloads may name: any device, if the fleets have none of the profile.
    private func directory(of profile: DeviceProfile) -> DeviceDirectory? {
        profiles.firstIndex { $0.id == profile.id }.map {
            DeviceDirectory(of: $0, profiles, fleet, welcomesStrangers: !profilesInUse.contains($0))
        }
    }

    // MARK: Comparing

    private static func compare(_ found: [String: [Example.Value]], _ wanted: [String: [Example.Value]])
        -> String?
    {
        let names = Set(found.keys).union(wanted.keys).sorted()
        let differences = names.compactMap { name -> String? in
            let (got, expected) = (found[name] ?? [], wanted[name] ?? [])
            if got.count == expected.count, zip(got, expected).allSatisfy(isSame) { return nil }
            return "\(name): expected \(describe(expected)), got \(describe(got))"
        }
        return differences.isEmpty ? nil : differences.joined(separator: "; ")
    }

    private static func compare(_ found: Rejection?, _ wanted: RejectionReason?) -> String? {
        guard found?.reason != wanted else { return nil }
        guard let found else { return "expected a part to be `\(wanted?.rawValue ?? "")`, and all was taken" }
        let expected = wanted.map { "a part to be `\($0.rawValue)`" } ?? "all to be taken"
        return "expected \(expected), got `\(found.reason.rawValue)` at byte \(found.offset)"
    }

    /// The same quality, and values within what arithmetic of doubles may differ.
    private static func isSame(_ left: Example.Value, _ right: Example.Value) -> Bool {
        left.quality == right.quality
            && abs(left.value - right.value) <= 1e-9 * max(abs(left.value), abs(right.value))
    }

    private static func describe(_ readings: [String: [Example.Value]]) -> String {
        readings.sorted { $0.key < $1.key }.map { "\($0.key) \(describe($0.value))" }.joined(separator: ", ")
    }

    private static func describe(_ values: [Example.Value]) -> String {
        if values.isEmpty { return "nothing" }
        let texts = values.map { $0.quality == .good ? "\($0.value)" : "\($0.value) (\($0.quality))" }
        return texts.count == 1 ? texts[0] : "[\(texts.joined(separator: ", "))]"
    }
}
