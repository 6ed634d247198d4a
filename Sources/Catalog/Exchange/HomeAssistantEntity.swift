import Telemetry

/// One value of a device, as its discovery message describes it.
struct HomeAssistantEntity {
    /// For what is said of it: the topic of its discovery.
    var what: String
    /// What its device is told from others by.
    var device: String
    var deviceName: String?
    var model: String?
    /// What topics may call the device.
    var names: [String]
    var topic: String
    /// Of the value in a JSON payload; nil if the payload is the value.
    var pointer: String?
    /// What kind of value it is.
    var word: String
    var label: String?
    /// Without it the value counts as lost.
    var expiry: Milliseconds?
    /// Its unit, kind and words.
    var measurement: ProfileDraft.Measurement

    private static let abbreviations = [
        "stat_t": "state_topic", "val_tpl": "value_template", "unit_of_meas": "unit_of_measurement",
        "dev_cla": "device_class", "stat_cla": "state_class", "exp_aft": "expire_after",
        "pl_on": "payload_on",
        "pl_off": "payload_off", "dev": "device", "ids": "identifiers", "mf": "manufacturer", "mdl": "model",
        "uniq_id": "unique_id", "obj_id": "object_id", "ops": "options", "cmps": "components",
        "p": "platform",
        "ent_cat": "entity_category",
    ]

    /// The entities of a discovery message: one, or those of a device at once.
    static func list(_ config: JSONValue, topic: String, _ found: inout DeviceImport) -> [HomeAssistantEntity]
    {
        let levels = topic.split(separator: "/").map(String.init)
        let config = spelledOut(config)
        guard case .object(let members) = config else {
            found.leaveOut(topic, "its payload is no JSON object")
            return []
        }
        let ids = Array(levels[2..<levels.count - 1])
        guard levels[1] == "device" else {
            return [entity(config, component: levels[1], ids, what: topic, &found)].compactMap { $0 }
        }
        let shared = members.filter { $0.key != "components" }
        return (config["components"]?.members ?? [:]).sorted { $0.key < $1.key }.compactMap {
            name, component in
            let whole = JSONValue.object(shared.merging(spelledOut(component).members) { $1 })
            return entity(
                whole, component: whole["platform"]?.text ?? "?", ids + [name], what: "\(topic) \(name)",
                &found)
        }
    }

    /// With whole words for abbreviations, and without the base topic `~`.
    private static func spelledOut(_ config: JSONValue) -> JSONValue {
        guard case .object(var members) = config else { return config }
        for (short, whole) in abbreviations where members[whole] == nil {
            if let value = members.removeValue(forKey: short) { members[whole] = value }
        }
        if let device = members["device"] { members["device"] = spelledOut(device) }
        if let base = members["~"]?.text, let topic = members["state_topic"]?.text {
            if topic.hasPrefix("~") { members["state_topic"] = .text(base + topic.dropFirst()) }
            if topic.hasSuffix("~") { members["state_topic"] = .text(topic.dropLast() + base) }
        }
        return .object(members)
    }

    private static func entity(
        _ config: JSONValue, component: String, _ ids: [String], what: String, _ found: inout DeviceImport
    ) -> HomeAssistantEntity? {
        guard component == "sensor" || component == "binary_sensor" else {
            found.leaveOut(what, "a `\(component)` is no sensor")
            return nil
        }
        guard let topic = config["state_topic"]?.text else {
            found.leaveOut(what, "has no state_topic")
            return nil
        }
        let device = config["device"]
        let identifiers =
            (device?["identifiers"]?.items.compactMap(\.text) ?? [])
            + [device?["identifiers"]?.text].compactMap { $0 }
        let deviceName = device?["name"]?.text
        var entity = HomeAssistantEntity(
            what: what, device: identifiers.first ?? deviceName ?? ids.first ?? what, deviceName: deviceName,
            model: model(device), names: [deviceName].compactMap { $0 } + identifiers + ids.prefix(1),
            topic: topic,
            word: config["device_class"]?.text ?? config["name"]?.text ?? ids.last ?? "value",
            label: config["name"]?.text,
            expiry: config["expire_after"]?.number.flatMap {
                $0 > 0 && $0 < 1e9 ? Milliseconds($0 * 1_000) : nil
            },
            measurement: ProfileDraft.Measurement(name: "", title: Title(vi: "", en: "")))
        if let reason = entity.describe(config, component) {
            found.leaveOut(what, reason)
            return nil
        }
        return entity
    }

    private static func model(_ device: JSONValue?) -> String? {
        guard let model = device?["model"]?.text else { return nil }
        return [device?["manufacturer"]?.text, model].compactMap { $0 }.joined(separator: " ")
    }

    /// Takes up how the value is written.
    /// - Returns: why it cannot be read.
    private mutating func describe(_ config: JSONValue, _ component: String) -> String? {
        if let template = config["value_template"]?.text {
            guard let path = Self.path(template) else {
                return "its value_template is more than a path: \(template)"
            }
            pointer = path.isEmpty ? nil : path
        }
        if component == "binary_sensor" {
            measurement.kind = .state
            measurement.words = [
                config["payload_off"]?.word ?? "OFF", config["payload_on"]?.word ?? "ON",
            ]
            return nil
        }
        let options = config["options"]?.items.compactMap(\.word) ?? []
        if !options.isEmpty {
            measurement.kind = .state
            measurement.words = options
            return nil
        }
        let kind = config["device_class"]?.text
        guard kind != "timestamp", kind != "date", kind != "enum" else { return "a \(kind!) is no number" }
        guard let unit = config["unit_of_measurement"]?.text else {
            // Home Assistant itself takes a value with neither for a text.
            guard config["state_class"] != nil || kind != nil else {
                return "has no unit_of_measurement and no state_class: whether it is a number cannot be told"
            }
            measurement.kind = Self.kind(config)
            return nil
        }
        guard let (own, wire) = Unit.shown(unit) else { return "unit `\(unit)` is in no table" }
        (measurement.unit, measurement.wireUnit) = (own, wire)
        measurement.kind = Self.kind(config)
        return nil
    }

    private static func kind(_ config: JSONValue) -> MeasurementKind {
        config["state_class"]?.text == "total_increasing" ? .counter : .gauge
    }

    /// `/a/b` of `{{ value_json.a.b }}` or `{{ value_json['a'].b }}`, nothing of `{{ value }}`, nil of any other.
    static func path(_ template: String) -> String? {
        guard
            let match = template.wholeMatch(
                of: #/\s*\{\{\s*(value|value_json((?:\.\w+|\[(?:'[^']+'|"[^"]+"|\d+)\])+))\s*\}\}\s*/#)
        else { return nil }
        guard let steps = match.output.2 else { return "" }
        return steps.matches(of: #/\.(\w+)|\[['"]?([^'"\]]+)['"]?\]/#).map { step in
            let name = String(step.output.1 ?? step.output.2 ?? "")
            return "/" + JSONPointer.escaped(name)
        }.joined()
    }
}
