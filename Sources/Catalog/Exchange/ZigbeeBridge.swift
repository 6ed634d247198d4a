import Telemetry

/// Reads what Zigbee2MQTT says of its devices: `zigbee2mqtt/bridge/devices`, with the settings of `…/bridge/info` if they
/// are there. Source: Zigbee2MQTT's documentation of exposes.
struct ZigbeeBridge {
    let cadence: Milliseconds

    private static let base = "zigbee2mqtt"

    /// - Parameter text: the array of `bridge/devices` alone, or recorded messages of `zigbee2mqtt/bridge/#`.
    func read(_ text: String, _ file: SourceFile) -> DeviceImport? {
        if text.first(where: { !$0.isWhitespace }) == "[" {
            guard case .array(let devices)? = JSONValue(text) else {
                file.fault("not JSON: expected the array that zigbee2mqtt/bridge/devices has")
                return nil
            }
            return read(devices, base: Self.base, info: nil)
        }
        guard let messages = RecordedMessage.list(text, file) else { return nil }
        let suffix = "/bridge/devices"
        guard let devices = messages.last(where: { $0.topic.hasSuffix(suffix) }) else {
            file.fault("holds no message of `zigbee2mqtt/bridge/devices`")
            return nil
        }
        let base = String(devices.topic.dropLast(suffix.count))
        let info = messages.last { $0.topic == base + "/bridge/info" }?.payload
        return read(devices.payload?.items ?? [], base: base, info: info)
    }

    private func read(_ devices: [JSONValue], base: String, info: JSONValue?) -> DeviceImport {
        var found = DeviceImport()
        for device in devices where device["type"]?.text != "Coordinator" {
            let address = device["ieee_address"]?.text ?? "a device without an address"
            let name = device["friendly_name"]?.text ?? address
            let what = name == address ? name : "\(name) (\(address))"
            if let reason = Self.obstacle(device, name) {
                found.leaveOut(what, reason)
                continue
            }
            guard let draft = draft(device, what, base, info, &found) else {
                found.leaveOut(what, "has no value that can be taken")
                continue
            }
            let description = device["description"]?.text ?? name
            found.devices.append(
                DeviceImport.Found(
                    name: name, title: Title(vi: description, en: description), profile: .draft(draft)))
        }
        return found
    }

    private static func obstacle(_ device: JSONValue, _ name: String) -> String? {
        if device["disabled"]?.bool == true { return "is disabled in Zigbee2MQTT" }
        if device["definition"] == nil { return "Zigbee2MQTT does not know what it is" }
        if name.contains("/") {
            return "a friendly name with `/` is several levels of a topic: rename it in Zigbee2MQTT"
        }
        return nil
    }

    private func draft(
        _ device: JSONValue, _ what: String, _ base: String, _ info: JSONValue?, _ found: inout DeviceImport
    ) -> ProfileDraft? {
        let definition = device["definition"]
        var exposes = ZigbeeExposes()
        for expose in definition?["exposes"]?.items ?? [] { exposes.add(expose, at: "") }
        for (property, reason) in exposes.unmapped { found.leaveOut("\(what) \(property)", reason) }
        guard !exposes.measurements.isEmpty else { return nil }
        let model = [definition?["vendor"]?.text, definition?["model"]?.text].compactMap { $0 }.joined(
            separator: " ")
        let title = definition?["description"]?.text ?? model
        return ProfileDraft(
            label: model.isEmpty ? "zigbee" : model, title: Title(vi: title, en: title),
            topics: ["\(base)/{device}"],
            form: .json, time: Self.time(info), cadence: cadence, measurements: exposes.measurements)
    }

    /// Without `last_seen` values have no time, and those kept over a restart are refused.
    private static func time(_ info: JSONValue?) -> ProfileDraft.Time? {
        switch info?["config"]?["advanced"]?["last_seen"]?.text {
        case "ISO_8601", "ISO_8601_local": ProfileDraft.Time(field: "/last_seen", format: "iso8601")
        case "epoch": ProfileDraft.Time(field: "/last_seen", format: "unix_ms")
        default: nil
        }
    }
}

/// The values of one device.
private struct ZigbeeExposes {
    private(set) var measurements: [ProfileDraft.Measurement] = []
    private(set) var unmapped: [(property: String, reason: String)] = []
    private var naming = MeasurementNaming()

    /// Bit of `access`: the value is in what the device publishes.
    private static let isPublished = 1

    mutating func add(_ expose: JSONValue, at parent: String) {
        let property = expose["property"]?.text ?? expose["name"]?.text ?? expose["type"]?.text ?? "?"
        let path = "\(parent)/\(JSONPointer.escaped(property))"
        let type = expose["type"]?.text ?? "?"
        if let features = expose["features"]?.items {
            // A `switch` or a `light` has its features beside it; a `composite` has them inside.
            for feature in features { add(feature, at: type == "composite" ? path : parent) }
            return
        }
        guard let access = Int(exactly: expose["access"]?.number ?? 1) else {
            unmapped.append((path, "its `access` is no whole number"))
            return
        }
        guard access & Self.isPublished != 0 else { return }
        var measurement = ProfileDraft.Measurement(name: "", title: Title(vi: "", en: ""), field: path)
        if let reason = expose["category"]?.text == "config"
            ? "a setting" : describe(expose, type, &measurement)
        {
            unmapped.append((path, reason))
            return
        }
        (measurement.name, measurement.title) = naming.name(property, label: expose["label"]?.text)
        measurements.append(measurement)
    }

    /// - Returns: why it cannot be taken.
    private func describe(_ expose: JSONValue, _ type: String, _ measurement: inout ProfileDraft.Measurement)
        -> String?
    {
        switch type {
        case "numeric":
            guard let text = expose["unit"]?.text else { return nil }
            guard let (own, wire) = Unit.shown(text) else { return "unit `\(text)` is in no table" }
            (measurement.unit, measurement.wireUnit) = (own, wire)
            if expose["property"]?.text == "energy" { measurement.kind = .counter }
            return nil
        case "binary":
            guard let off = expose["value_off"]?.word, let on = expose["value_on"]?.word else {
                return "does not say what on and off are"
            }
            measurement.words = [off, on]
        case "enum":
            measurement.words = expose["values"]?.items.compactMap(\.word) ?? []
            if measurement.words.isEmpty { return "does not say which words it has" }
        default: return "a `\(type)` is no single value"
        }
        measurement.kind = .state
        return nil
    }
}
