import Telemetry

/// Reads the discovery messages of Home Assistant (`homeassistant/COMPONENT/[NODE/]OBJECT/config`, retained): what sensors
/// there are, on which topics and in which units. Sources: Home Assistant's documentation of MQTT discovery, and its list
/// of abbreviations.
struct HomeAssistantDiscovery {
    /// Of devices that do not say after which time they are lost.
    let cadence: Milliseconds

    func read(_ text: String, _ file: SourceFile) -> DeviceImport? {
        guard let messages = RecordedMessage.list(text, file) else { return nil }
        var found = DeviceImport()
        var configs: [String: JSONValue] = [:]
        for message in messages where Self.isConfig(message.topic) {
            configs[message.topic] = message.payload
        }
        if configs.isEmpty {
            file.fault(
                "holds no message of `homeassistant/…/config`: expected what mosquitto_sub -t 'homeassistant/#' hears"
            )
            return nil
        }
        var entities: [HomeAssistantEntity] = []
        for (topic, config) in configs.sorted(by: { $0.key < $1.key }) {
            entities += HomeAssistantEntity.list(config, topic: topic, &found)
        }
        var order: [String] = []
        let devices = Dictionary(grouping: entities, by: \.device)
        for entity in entities where !order.contains(entity.device) { order.append(entity.device) }
        for device in order { add(devices[device]!, to: &found) }
        return found
    }

    private static func isConfig(_ topic: String) -> Bool {
        let levels = topic.split(separator: "/")
        return levels.last == "config" && (4...5).contains(levels.count)
    }

    /// Adds the device of these entities, which has one profile: of JSON, or of a topic for each value.
    private func add(_ entities: [HomeAssistantEntity], to found: inout DeviceImport) {
        let inJSON = entities.filter { $0.pointer != nil }
        let bare = entities.filter { $0.pointer == nil }
        if !inJSON.isEmpty {
            for entity in bare {
                found.leaveOut(
                    entity.what, "a bare value on \(entity.topic), but the device speaks JSON elsewhere")
            }
        }
        let spoken = inJSON.isEmpty ? bare : inJSON
        guard let (topics, device, fields) = topics(spoken) else {
            for entity in spoken {
                found.leaveOut(
                    entity.what, "no level of \(entity.topic) names the device as its discovery does")
            }
            return
        }
        var naming = MeasurementNaming()
        let measurements = zip(spoken, fields).map { entity, field in
            var measurement = entity.measurement
            (measurement.name, measurement.title) = naming.name(entity.word, label: entity.label)
            measurement.field = field
            return measurement
        }
        let entity = spoken[0]
        let kind = entity.model ?? "\(inJSON.isEmpty ? "values" : "sensor") of \(device)"
        let draft = ProfileDraft(
            label: kind, title: Title(vi: kind, en: kind), topics: topics,
            form: inJSON.isEmpty ? .scalar : .json,
            cadence: spoken.compactMap(\.expiry).min().map { max($0 / 3, Span.second) } ?? cadence,
            measurements: measurements)
        let name = entity.deviceName ?? device
        found.devices.append(
            DeviceImport.Found(name: device, title: Title(vi: name, en: name), profile: .draft(draft)))
    }

    /// Templates of the topics, the device in them, and where each value is.
    private func topics(_ entities: [HomeAssistantEntity]) -> (
        templates: [String], device: String, fields: [String?]
    )? {
        let names = entities[0].names
        let all = entities.map(\.topic)
        if entities[0].pointer == nil, Set(all).count > 1 {
            guard let (template, device, fields) = TopicNaming.template(ofFields: all, names: names) else {
                return nil
            }
            return ([template], device, fields)
        }
        var templates: [String] = []
        var name = ""
        for topic in all {
            guard let (template, device) = TopicNaming.template(topic, names: names),
                name.isEmpty || name == device
            else { return nil }
            name = device
            if !templates.contains(template) { templates.append(template) }
        }
        return (templates, name, entities.map(\.pointer))
    }
}
