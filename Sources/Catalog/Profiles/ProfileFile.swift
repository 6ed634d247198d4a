import Telemetry

/// Reads `devices/<domain>/<profile>.yaml`.
struct ProfileFile {
    let domain: String
    let name: String
    let zones: ZoneTable

    /// The profile; nil if anything in the file was a mistake.
    func read(_ root: YAMLValue) -> DeviceProfile? {
        var profile: DeviceProfile?
        let isClean = root.file.log.isClean { profile = root.mapping(read) ?? nil }
        return isClean ? profile : nil
    }

    private func read(_ mapping: YAMLMapping) -> DeviceProfile? {
        let title = mapping.required("title")?.title()
        let system = mapping.optional("system")?.text()
        let templates = mapping.required("topic").map(Self.topics) ?? []
        let cadence = mapping.required("cadence")?.span(atLeast: Span.second)
        var (wire, measurements) = wire(mapping, templates.filter { $0.template.namesField })
        wire?.namesDevices = !templates.isEmpty && templates.allSatisfy { $0.template.deviceLevel == nil }
        let topics = topics(templates, wire)
        checkOwners(templates, wire)
        let examples = ExampleReader(
            measurements: measurements.map(\.name), namesDevices: wire?.namesDevices ?? false
        ).read(mapping.optional("examples"))
        guard let title, let cadence, let wire, wire.fields.count == measurements.count, !topics.isEmpty,
            let format = try? wire.compile(for: measurements)
        else { return nil }
        checkSlots(format, mapping)
        return DeviceProfile(
            domain: domain, name: name, title: title, system: system, topics: topics, cadence: cadence,
            measurements: measurements, wire: wire, format: format, examples: examples)
    }

    /// Where topics name the field, one for each.
    private func topics(_ templates: [(template: TopicTemplate, value: YAMLValue)], _ wire: Wire?)
        -> [TopicTemplate]
    {
        if wire?.form == .sparkplug {
            for (template, value) in templates where !template.isSparkplug {
                value.fault(
                    "expected `spBv1.0/{group}/{type}/{edge}/{device}` for devices, or `spBv1.0/{group}/{type}/{device}` "
                        + "for edge nodes; `{group}` and `{edge}` may be words")
            }
        }
        guard let wire, templates.contains(where: { $0.template.namesField }) else {
            return templates.map(\.template)
        }
        // In the order of the slots that the plan gives them.
        var names: [String] = []
        for field in wire.fields { if let name = field.field, !names.contains(name) { names.append(name) } }
        return templates.flatMap { template, value -> [TopicTemplate] in
            if !template.namesField { value.fault("`{field}` must be in each of the topics or in none") }
            return names.enumerated().compactMap { template.filled(with: $1, field: $0) }
        }
    }

    /// Either the topic says whose a message is, or the payload says it of each of its records.
    private func checkOwners(_ templates: [(template: TopicTemplate, value: YAMLValue)], _ wire: Wire?) {
        guard let wire else { return }
        for (template, value) in templates where template.deviceLevel == nil {
            if !wire.namesDevices {
                value.fault("`{device}` must be in each of the topics or in none")
            } else if !wire.saysOwners {
                value.fault(
                    "a level must be `{device}`, unless the payload says whose its readings are: by `device`, or by "
                        + "`{device}` in `records`")
            }
        }
        guard !wire.namesDevices, wire.standsOwnerAboveRecords, let value = templates.first?.value else {
            return
        }
        value.fault("no level can be `{device}`: the payload names several")
    }

    private func wire(
        _ mapping: YAMLMapping, _ fieldTopics: [(template: TopicTemplate, value: YAMLValue)]
    ) -> (Wire?, [Measurement]) {
        let head = WireReader(zones: zones).read(mapping)
        let list = mapping.required("measurements")?.list()
        if list?.isEmpty ?? false { mapping.fault("`measurements` needs at least one measurement") }
        // Without a format nothing can be said of the fields: its absence is the mistake to mend first.
        guard let head, let list else { return (nil, []) }
        var wire = head.wire
        if wire.form != .scalar { fieldTopics.first?.value.fault("`{field}` is only for `format: scalar`") }
        let reader = MeasurementReader(
            form: wire.form, check: head.check, fieldTopics: fieldTopics.map(\.template))
        var measurements: [Measurement] = []
        var lines: [String: Int] = [:]
        for value in list {
            guard let (measurement, field) = reader.read(value) else { continue }
            if let line = lines.updateValue(value.line, forKey: measurement.name) {
                value.fault("\"\(measurement.name)\" is a measurement in line \(line) already")
            }
            measurements.append(measurement)
            wire.fields.append(field)
        }
        if wire.form == .scalar, list.count > 1, fieldTopics.isEmpty {
            list[1].fault(
                "a `scalar` payload is one value, so it has one measurement, unless the topic names the `{field}`"
            )
        }
        head.check.compare()
        return (wire, measurements)
    }

    private func checkSlots(_ format: PayloadFormat, _ mapping: YAMLMapping) {
        switch format.unpacked {
        case .senml, .packed: break
        case .json(let kept), .scalar(let kept), .csv(let kept, _), .lineProtocol(let kept),
            .ultraLight(let kept), .cayenneLPP(let kept), .sparkplug(let kept):
            let most = DecodeScratch.maximumSlots
            guard max(kept.plan.messageSlots, kept.plan.recordSlots) > most else { return }
            mapping.fault("more than \(most) different fields: split the profile")
        }
    }

    private static func topics(_ value: YAMLValue) -> [(template: TopicTemplate, value: YAMLValue)] {
        let values = value.isList ? value.list() ?? [] : [value]
        if values.isEmpty { value.fault("expected at least one topic") }
        return values.compactMap { value in
            guard let text = value.text() else { return nil }
            do throws(TopicTemplate.Mistake) {
                return (try TopicTemplate(text), value)
            } catch {
                value.fault(explain(error))
                return nil
            }
        }
    }

    private static func explain(_ mistake: TopicTemplate.Mistake) -> String {
        switch mistake {
        case .empty: "expected a topic"
        case .tooManyLevels(let count): "\(count) levels are too many: at most \(TopicTemplate.maximumLevels)"
        case .wildcard(let level): "`\(level)`: write a capture like `{device}` instead of a wildcard"
        case .badCapture(let level):
            "`\(level)`: a capture is a whole level of letters and digits, and only `{device}` may be part of one"
        case .repeatedCapture(let name): "`{\(name)}` stands in it twice"
        }
    }
}
