import Foundation
import Telemetry

/// Reads Thing Descriptions of the W3C Web of Things (TD 1.1) whose properties are observed over MQTT, one or an array.
struct ThingDescription {
    let profiles: [DeviceProfile]
    let cadence: Milliseconds

    func read(_ text: String, _ file: SourceFile) -> DeviceImport? {
        let things: [JSONValue]
        switch JSONValue(text) {
        case .array(let items)?: things = items
        case .object(let members)?: things = [.object(members)]
        default:
            file.fault("not JSON: expected a Thing Description, or an array of them")
            return nil
        }
        var found = DeviceImport()
        for thing in things { add(thing, to: &found) }
        return found
    }

    private func add(_ thing: JSONValue, to found: inout DeviceImport) {
        let id = thing["id"]?.text ?? thing["title"]?.text ?? "a thing without id and title"
        var ownID: String?
        if id.hasPrefix(WoTThing.idPrefix) { ownID = String(id.dropFirst(WoTThing.idPrefix.count)) }
        let link = thing["links"]?.items.compactMap { $0["href"]?.text }.first {
            $0.hasPrefix(WoTThing.profilePrefix)
        }
        let known = link.flatMap { link in profiles.first { WoTThing.profilePrefix + $0.id == link } }
        let names = [thing["title"]?.text, id.split { $0 == ":" || $0 == "/" }.last.map(String.init)]
            .compactMap { $0 }
        var title = Title(vi: names.first ?? id, en: names.first ?? id)
        if let vi = thing["titles"]?["vi"]?.text { title.vi = vi }
        if let en = thing["titles"]?["en"]?.text { title.en = en }
        let profile: DeviceImport.Found.Profile
        var name = thing["ioc:alias"]?.text ?? ownID
        if let known {
            profile = .known(known.name)
        } else {
            let properties = (thing["properties"]?.members ?? [:]).sorted { $0.key < $1.key }.compactMap {
                Property($0.key, $0.value, of: thing, id, &found)
            }
            guard let (draft, device) = draft(properties, names + [ownID].compactMap { $0 }, title) else {
                return found.leaveOut(
                    id, "no level of its topics is its title or its id, or it has no property to take")
            }
            profile = .draft(draft)
            name = device
        }
        found.devices.append(
            DeviceImport.Found(
                name: name ?? names.last ?? id, id: ownID, title: title, profile: profile,
                ward: thing["ioc:ward"]?.text, position: position(thing)))
    }

    private func position(_ thing: JSONValue) -> DeviceImport.Position? {
        guard let latitude = thing["geo:lat"]?.number, let longitude = thing["geo:long"]?.number else {
            return nil
        }
        return DeviceImport.Position(latitude: latitude, longitude: longitude)
    }

    /// - Returns: nil if it is not clear which level of the topics is the device.
    private func draft(_ properties: [Property], _ names: [String], _ title: Title) -> (
        ProfileDraft, device: String
    )? {
        guard let first = properties.first else { return nil }
        let topics = Set(properties.map(\.topic))
        var measurements = properties.map(\.measurement)
        let template: String
        let device: String
        if topics.count > 1 {
            guard
                let (found, name, fields) = TopicNaming.template(
                    ofFields: properties.map(\.topic), names: names)
            else { return nil }
            (template, device) = (found, name)
            for index in measurements.indices { measurements[index].field = fields[index] }
        } else {
            guard let (found, name) = TopicNaming.template(first.topic, names: names) else { return nil }
            (template, device) = (found, name)
            let isAlone = properties.count == 1
            for index in measurements.indices {
                measurements[index].field = isAlone ? nil : "/" + JSONPointer.escaped(properties[index].name)
            }
        }
        let isScalar = topics.count > 1 || properties.count == 1
        let draft = ProfileDraft(
            label: title.en, title: title, topics: [template], form: isScalar ? .scalar : .json,
            cadence: cadence,
            measurements: measurements)
        return (draft, device)
    }
}

/// A property that is a number or a word, with its topic.
private struct Property {
    let name: String
    let topic: String
    let measurement: ProfileDraft.Measurement

    init?(_ name: String, _ value: JSONValue, of thing: JSONValue, _ id: String, _ found: inout DeviceImport)
    {
        guard let topic = Self.topic(value, base: thing["base"]?.text) else {
            found.leaveOut("\(id) \(name)", "has no form for MQTT")
            return nil
        }
        var naming = MeasurementNaming()
        let (word, title) = naming.name(name, label: value["title"]?.text)
        var measurement = ProfileDraft.Measurement(name: word, title: title)
        if let vi = value["titles"]?["vi"]?.text, let en = value["titles"]?["en"]?.text {
            measurement.title = Title(vi: vi, en: en)
        }
        if let reason = Self.describe(value, &measurement) {
            found.leaveOut("\(id) \(name)", reason)
            return nil
        }
        self.name = name
        self.topic = topic
        self.measurement = measurement
    }

    /// Of the first form that has one: as a word of the MQTT binding, or in its address.
    private static func topic(_ value: JSONValue, base: String?) -> String? {
        for form in value["forms"]?.items ?? [] {
            let words = form.members.sorted { $0.key < $1.key }.first { member in
                ["filter", "topic"].contains(member.key.split(separator: ":").last ?? "")
            }
            if let topic = words?.value.text ?? words?.value.items.first?.text { return topic }
            let href = form["href"]?.text ?? ""
            let address = href.contains("://") ? href : (base ?? "") + href
            guard let scheme = address.range(of: "://"), address.hasPrefix("mqtt") else { continue }
            let path = address[scheme.upperBound...].drop { $0 != "/" }.dropFirst()
            if !path.isEmpty { return path.removingPercentEncoding ?? String(path) }
        }
        return nil
    }

    /// - Returns: why it cannot be taken.
    private static func describe(_ value: JSONValue, _ measurement: inout ProfileDraft.Measurement) -> String?
    {
        let words = value["enum"]?.items.compactMap(\.word) ?? []
        switch value["type"]?.text {
        case "boolean":
            measurement.kind = .state
            measurement.words = ["false", "true"]
        case "string" where !words.isEmpty:
            measurement.kind = .state
            measurement.words = words
        case "number", "integer":
            guard let text = value["unit"]?.text else { break }
            guard let (own, wire) = Unit.shown(text) else { return "unit `\(text)` is in no table" }
            (measurement.unit, measurement.wireUnit) = (own, wire)
            measurement.kind = value["ioc:kind"]?.text.flatMap(MeasurementKind.init) ?? .gauge
            if measurement.kind == .ratio { return "a ratio needs the two fields of its profile" }
        default:
            return
                "a \(value["type"]?.text ?? "value without a type") is neither a number nor one of some words"
        }
        return nil
    }
}
