import Telemetry

/// Reads `examples`.
struct ExampleReader {
    /// Names of the profile's measurements.
    let measurements: [String]

    func read(_ value: YAMLValue?) -> [Example] {
        value?.list()?.compactMap { $0.mapping(read) ?? nil } ?? []
    }

    private func read(_ mapping: YAMLMapping) -> Example? {
        let name = mapping.required("name")?.text()
        let topic = mapping.required("topic")?.text()
        let payload = mapping.required("payload")?.verbatim()
        let now = mapping.optional("now")?.integer(in: 0...4_102_444_800_000)
        let readings = mapping.optional("readings")
        let rejected = mapping.optional("rejected")
        if (readings == nil) == (rejected == nil) {
            mapping.fault("expected either `readings` or `rejected`")
        }
        let expectation: Example.Expectation?
        if let rejected {
            expectation = rejected.word(RejectionReason.self).map { .rejected($0) }
        } else {
            expectation = readings.flatMap(values).map { .readings($0) }
        }
        guard let name, let topic, let payload, let expectation else { return nil }
        return Example(
            name: name, topic: topic, payload: payload, now: now.map(Milliseconds.init) ?? Example.defaultNow,
            expectation: expectation, place: mapping.place)
    }

    private func values(_ value: YAMLValue) -> [String: [Example.Value]]? {
        guard let entries = value.entries() else { return nil }
        if entries.isEmpty { value.fault("expected at least one reading") }
        var readings: [String: [Example.Value]] = [:]
        for entry in entries {
            if !measurements.isEmpty, !measurements.contains(entry.text) {
                let hint = Spelling.hint(entry.text, measurements)
                entry.key.fault("`\(entry.text)` is no measurement of this profile\(hint)")
            }
            let list = entry.value.isList ? entry.value.list() ?? [] : [entry.value]
            readings[entry.text] = list.compactMap(reading)
        }
        return readings
    }

    private enum QualityWord: String, CaseIterable { case good, uncertain, bad }

    private func reading(_ value: YAMLValue) -> Example.Value? {
        guard value.isMapping else { return value.number().map { Example.Value(value: $0) } }
        return value.mapping { mapping -> Example.Value? in
            let number = mapping.required("value")?.number()
            let quality: Quality =
                switch mapping.optional("quality")?.word(QualityWord.self) {
                case .good, nil: .good
                case .uncertain: .uncertain
                case .bad: .bad
                }
            return number.map { Example.Value(value: $0, quality: quality) }
        } ?? nil
    }
}
