import Telemetry

/// Reads `examples`.
struct ExampleReader {
    /// Names of the profile's measurements.
    let measurements: [String]
    /// Whether payloads are of several devices, so that readings stand under theirs.
    let namesDevices: Bool

    func read(_ value: YAMLValue?) -> [Example] {
        value?.list()?.compactMap { $0.mapping(read) ?? nil } ?? []
    }

    private func read(_ mapping: YAMLMapping) -> Example? {
        let name = mapping.required("name")?.text()
        let topic = mapping.required("topic")?.text()
        let payload = payload(mapping)
        let now = mapping.optional("now")?.integer(in: 0...4_102_444_800_000)
        let readings = mapping.optional("readings")
        let rejected = mapping.optional("rejected")
        if (readings == nil) == (rejected == nil) {
            mapping.fault("expected either `readings` or `rejected`")
        }
        let partial = mapping.optional("partial")
        if rejected != nil { partial?.fault("only with `readings`: what is refused whole has no good part") }
        let expectation: Example.Expectation?
        if let rejected {
            expectation = rejected.word(RejectionReason.self).map { .rejected($0) }
        } else {
            expectation = readings.flatMap(namesDevices ? valuesByDevice : values).map { .readings($0) }
        }
        guard let name, let topic, let payload, let expectation else { return nil }
        return Example(
            name: name, topic: topic, payload: payload, now: now.map(Milliseconds.init) ?? Example.defaultNow,
            expectation: expectation, partial: partial?.word(RejectionReason.self), place: mapping.place)
    }

    /// A text, or the bytes of a binary format in hexadecimal digits.
    private func payload(_ mapping: YAMLMapping) -> [UInt8]? {
        guard let digits = mapping.optional("payload_hex") else {
            return mapping.required("payload")?.verbatim().map { Array($0.utf8) }
        }
        mapping.refuse("payload", why: "either this or `payload_hex`")
        return digits.bytes()
    }

    private func valuesByDevice(_ value: YAMLValue) -> [String: [Example.Value]]? {
        guard let entries = value.entries() else { return nil }
        if entries.isEmpty { value.fault("expected at least one device") }
        var readings: [String: [Example.Value]] = [:]
        for entry in entries {
            for (measurement, found) in values(entry.value) ?? [:] {
                readings[Example.key(entry.text, measurement)] = found
            }
        }
        return readings
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

extension YAMLValue {
    /// Bytes as pairs of hexadecimal digits, with spaces where one likes. YAML takes `0167` for a number, so any plain text.
    fileprivate func bytes() -> [UInt8]? {
        guard let text = verbatim() else { return nil }
        let digits = text.utf8.filter { $0 != UInt8(ascii: " ") }
            .map { Character(Unicode.Scalar($0)).hexDigitValue }
        guard digits.count % 2 == 0, !digits.contains(nil) else {
            return expected("pairs of hexadecimal digits like \"01 67 00E1\"")
        }
        return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0]! * 16 + digits[$0 + 1]!) }
    }
}
