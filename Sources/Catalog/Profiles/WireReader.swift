import Telemetry

/// Reads what a profile says of the message as a whole.
struct WireReader {
    let zones: ZoneTable

    func read(_ mapping: YAMLMapping) -> (wire: Wire, check: FieldCheck)? {
        let form = mapping.required("format")?.word(Wire.Form.self)
        let time = mapping.optional("time")
        let sequence = mapping.optional("sequence")
        let device = mapping.optional("device")
        let records = mapping.optional("records")
        let csv = mapping.optional("csv")
        let payload = mapping.optional("payload")
        let compression = mapping.optional("compression")?.word(Compression.self)
        let except = mapping.optional("except")
        guard let form else { return nil }
        var wire = Wire(form: form)
        wire.compression = compression
        wire.recordsField = form == .json ? records?.text() : nil
        refuse(form, time: time, sequence: sequence, device: device, records: records, csv: csv)
        let isWrapped = form.isBinary && payload != nil
        let check = FieldCheck(form: form, records: records, isWrapped: isWrapped)
        if isWrapped { wire.payloadField = payload.flatMap { check.pointer($0) } }
        if !form.isBinary {
            payload?.fault(
                "only with `format: cayenne-lpp`, whose bytes may stand as base64 in a JSON message")
        }
        if form != .sparkplug { _ = time?.mapping { read($0, time: &wire, check) } }
        wire.sequenceField = sequence.flatMap { check.field($0) }
        if let device { read(device, device: &wire, check) }
        if form == .json || form == .csv {
            wire.exceptions = except.map { exceptions($0, check) } ?? []
        } else {
            except?.fault("only with `format: json` and `csv`")
        }
        if form == .csv { wire.dialect = csv?.mapping(dialect) ?? CSVDialect() }
        return (wire, check)
    }

    private func refuse(
        _ form: Wire.Form, time: YAMLValue?, sequence: YAMLValue?, device: YAMLValue?, records: YAMLValue?,
        csv: YAMLValue?
    ) {
        if form.senMLEncoding == nil, form.ownTimeFormat == nil, time == nil {
            sequence?.fault(
                "needs `time`: without it a device that counts from 0 again looks like one that repeats itself"
            )
        }
        if form != .json { records?.fault("only with `format: json`") }
        if form != .csv { csv?.fault("only with `format: csv`") }
        switch form {
        case .senml, .senmlCBOR:
            time?.fault("not for `\(form.rawValue)`: a pack carries its own times")
            device?.fault(
                "not for `\(form.rawValue)`: the names in a pack are compared with the topic's device")
        case .scalar:
            for value in [time, sequence, device] {
                value?.fault("not for `scalar`: the payload is the value alone")
            }
        case .sparkplug:
            for value in [time, sequence, device] {
                value?.fault(
                    "not for `sparkplug-b`: its messages say times, numbers and devices in their own way")
            }
        case .json, .csv, .lineProtocol, .ultraLight, .cayenneLPP: break
        }
    }

    private func exceptions(_ value: YAMLValue, _ check: FieldCheck) -> [(field: String, words: [String])] {
        (value.entries() ?? []).compactMap { entry in
            let words = entry.value.tokens()
            return check.field(entry.key).map { ($0, words == ["*"] ? [] : words) }
        }
    }

    /// A field, or `{field, prefix}`.
    private func read(_ value: YAMLValue, device wire: inout Wire, _ check: FieldCheck) {
        guard value.isMapping else {
            wire.deviceField = wire.form.isBinary ? check.pointer(value) : check.owner(value)
            return
        }
        _ = value.mapping { mapping in
            wire.deviceField = mapping.required("field").flatMap { check.owner($0) }
            wire.devicePrefix = mapping.required("prefix")?.text() ?? ""
        }
        if wire.form != .json { value.fault("a `prefix` only with `format: json`") }
    }

    private enum TimeWord: String, CaseIterable {
        case unixSeconds = "unix_s"
        case unixMilliseconds = "unix_ms"
        case unixMicroseconds = "unix_us"
        case unixNanoseconds = "unix_ns"
        case iso8601, local
    }

    private func read(_ mapping: YAMLMapping, time wire: inout Wire, _ check: FieldCheck) {
        if wire.form.ownTimeFormat == nil {
            wire.timeField = mapping.required("field").flatMap { check.field($0) }
        } else {
            mapping.refuse(
                "field", why: "not for `\(wire.form.rawValue)`: its times have a place of their own")
        }
        let formatValue = mapping.required("format")
        let word = formatValue?.word(TimeWord.self)
        let zone = mapping.optional("zone")
        let pattern = mapping.optional("pattern")
        let interval = mapping.optional("interval")
        wire.interval = interval?.word(IntervalEdge.self)
        if let word, word != .local {
            zone?.fault("only with `format: local`")
            pattern?.fault("only with `format: local`")
        }
        if let word, word != .local, word != .iso8601 {
            interval?.fault("only with `format: iso8601` and `local`")
        }
        if wire.form == .lineProtocol, word == .iso8601 || word == .local {
            formatValue?.fault("not for `line-protocol`: its times are whole numbers, `unix_ns` to `unix_s`")
        }
        switch word {
        case .unixSeconds: wire.timeFormat = .unixSeconds
        case .unixMilliseconds: wire.timeFormat = .unixMilliseconds
        case .unixMicroseconds: wire.timeFormat = .unixMicroseconds
        case .unixNanoseconds: wire.timeFormat = .unixNanoseconds
        case .iso8601: wire.timeFormat = .iso8601
        case .local:
            if zone == nil { mapping.fault("`format: local` needs a `zone`, e.g. Asia/Ho_Chi_Minh") }
            let written = pattern.map { $0.localTimePattern() } ?? .standard
            guard let zone = zone?.timeZone(zones), let written else { return }
            if written.text.contains("/") {
                interval?.fault("the pattern has a `/` of its own, which divides an interval")
            }
            wire.timeFormat = .local(written, zone)
        case nil: break
        }
    }

    private func dialect(_ mapping: YAMLMapping) -> CSVDialect {
        var dialect = CSVDialect()
        if let delimiter = mapping.optional("delimiter")?.mark(of: [",", ";", "\t", "|"]) {
            dialect.delimiter = delimiter
        }
        if let decimal = mapping.optional("decimal")?.mark(of: [".", ","]) { dialect.decimal = decimal }
        if dialect.delimiter == dialect.decimal { mapping.fault("`delimiter` and `decimal` must differ") }
        return dialect
    }
}

extension YAMLValue {
    /// An IANA zone the system knows.
    func timeZone(_ zones: ZoneTable) -> ZoneOffsets? {
        guard let name = text() else { return nil }
        return zones.zone(named: name) ?? expected("an IANA time zone like Asia/Ho_Chi_Minh")
    }

    fileprivate func localTimePattern() -> LocalTimePattern? {
        guard let text = text() else { return nil }
        return LocalTimePattern(text) ?? expected("a pattern with `yyyy`, `MM` and `dd`")
    }

    /// One byte out of `known`.
    fileprivate func mark(of known: [String]) -> UInt8? {
        guard let text = verbatim() else { return nil }
        guard known.contains(text) else {
            return expected(
                "one of \(known.map { $0 == "\t" ? "\"\\t\"" : "\"\($0)\"" }.joined(separator: " "))")
        }
        return text.utf8.first
    }
}
