/// Device × measurement.
package struct Series: Sendable, Equatable {
    package var id: SeriesID
    /// Position of its device in `Registry.devices`.
    package var slot: Int
    /// Position of its measurement in the device's profile.
    package var measurement: Int
}

/// The devices that are known, with the dense ids of their series: the validated world of `devices/`.
package struct Registry: Sendable {
    package let profiles: [DeviceProfile]
    package let devices: [Device]
    package let deviceIDs: [DeviceID]
    /// By slot, then by measurement.
    package let seriesIDs: [[SeriesID]]
    /// By `SeriesID`; nil where a series is not in use any more.
    package let series: [Series?]
    /// By `DeviceID`; nil where a device is not in use any more.
    package let slots: [Int?]
    /// Series no longer configured whose stored windows may still be open.
    private let retired: [SeriesID: SeriesShape]
    private let slotsByKey: [String: Int]
    private let slotsByAlias: [String: Int]
    /// By code: what groups of a ward are called.
    package let wards: [String: Ward]

    /// - Parameters:
    ///   - deviceIDs: one per device.
    ///   - seriesIDs: one list per device, in the order of its profile's measurements.
    ///   - retired: series no longer configured, whose open windows still close.
    package init(
        profiles: [DeviceProfile], devices: [Device], deviceIDs: [DeviceID], seriesIDs: [[SeriesID]],
        retired: [SeriesID: SeriesShape] = [:], wards: [Ward] = []
    ) {
        self.wards = Dictionary(wards.map { ($0.code, $0) }) { _, newer in newer }
        precondition(
            devices.count == deviceIDs.count && devices.count == seriesIDs.count, "one id per device")
        self.profiles = profiles
        self.devices = devices
        self.deviceIDs = deviceIDs
        self.seriesIDs = seriesIDs
        self.retired = retired
        var slots = [Int?](repeating: nil, count: (deviceIDs.max()?.index ?? -1) + 1)
        let highest = max(
            seriesIDs.joined().max()?.index ?? -1, retired.keys.max()?.index ?? -1)
        var series = [Series?](repeating: nil, count: highest + 1)
        for (slot, device) in deviceIDs.enumerated() {
            slots[device.index] = slot
            for (measurement, id) in seriesIDs[slot].enumerated() {
                series[id.index] = Series(id: id, slot: slot, measurement: measurement)
            }
        }
        self.slots = slots
        self.series = series
        slotsByKey = Dictionary(uniqueKeysWithValues: devices.enumerated().map { ($1.key, $0) })
        slotsByAlias = Dictionary(
            uniqueKeysWithValues: devices.enumerated().compactMap { slot, device in
                device.alias.map { ($0, slot) }
            })
    }

    /// Gives out ids in order: for checks and tests, where nothing is stored.
    package init(profiles: [DeviceProfile], devices: [Device], wards: [Ward] = []) {
        var next: UInt32 = 0
        let seriesIDs = devices.map { device in
            profiles[device.profileIndex].measurements.map { _ in
                defer { next += 1 }
                return SeriesID(next)
            }
        }
        let deviceIDs = devices.indices.map { DeviceID(UInt32($0)) }
        self.init(
            profiles: profiles, devices: devices, deviceIDs: deviceIDs, seriesIDs: seriesIDs, wards: wards)
    }

    package func slot(ofKey key: String) -> Int? { slotsByKey[key] }

    /// The device that a topic names: by its alias, to the letter, or else by its key.
    /// - Parameters:
    ///   - device: the level of the topic.
    ///   - topic: the whole; of Sparkplug B group and edge node belong to the name.
    package func slot(named device: UnsafeBufferPointer<UInt8>, in topic: UnsafeBufferPointer<UInt8>) -> Int?
    {
        if !slotsByAlias.isEmpty, let slot = slotsByAlias[Self.name(device, in: topic)] { return slot }
        return slotsByKey[TopicTemplate.key(device)]
    }

    /// What an alias must be for a topic.
    package static func name(_ device: UnsafeBufferPointer<UInt8>, in topic: UnsafeBufferPointer<UInt8>)
        -> String
    {
        SparkplugTopic(topic)?.path ?? String(decoding: device, as: UTF8.self)
    }

    package func profile(ofSlot slot: Int) -> DeviceProfile { profiles[devices[slot].profileIndex] }

    package func measurement(_ series: Series) -> Measurement {
        profile(ofSlot: series.slot).measurements[series.measurement]
    }

    /// What the aggregator must know, by `SeriesID`.
    package var shapes: [SeriesShape?] {
        series.enumerated().map { index, series in
            guard let series else { return retired[SeriesID(UInt32(index))] }
            let measurement = measurement(series)
            return SeriesShape(kind: measurement.kind, keepsQuantiles: measurement.keepsQuantiles)
        }
    }
}
