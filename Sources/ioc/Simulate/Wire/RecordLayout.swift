import Telemetry

/// How the records of a format are written whose fields stand one after the other with their names.
struct RecordLayout {
    enum Place {
        case leaf(Int)
        case sequence
        case device
        case time
    }

    /// Several numbers that only go together, as in `gps`.
    struct Value {
        var channel: UInt8
        var type: CayenneLPPType
        /// One per part; nil where nobody wants it.
        var parts: [Place?]
    }

    /// Measurement of a line and the key of its tag, up to the device.
    var head: [UInt8] = []
    var isTagged = false
    /// Named fields in order, their names as they are written.
    var fields: [(name: [UInt8], place: Place)] = []
    /// Values of a binary payload in order.
    var values: [Value] = []
    /// Records of a SenML pack in order.
    var records: [(name: [UInt8], unit: [UInt8], isSum: Bool, leaf: Int)] = []
    /// Whether the payload stands as base64 in JSON.
    var isWrapped = false
}

extension Wire {
    /// Whether times are whole numbers of their unit: there is no room for a fraction in bytes.
    var timeIsWhole: Bool {
        form.isBinary && timeField.map { !form.isPointer($0) } ?? false || form == .lineProtocol
    }
}

extension FieldTable {
    /// nil for formats that are written by a template alone.
    func layout() -> RecordLayout? {
        switch profile.wire.form {
        case .lineProtocol: lineLayout()
        case .ultraLight: groupLayout()
        case .cayenneLPP: byteLayout()
        case .senmlCBOR: packLayout()
        case .json, .senml, .scalar, .csv, .sparkplug: nil
        }
    }

    /// All fields on one line, so that a record is one. Where they share a measurement the line is of it; else the line
    /// is of the profile, and their names are whole.
    private func lineLayout() -> RecordLayout {
        let wire = profile.wire
        var layout = RecordLayout()
        var all = names
        if let sequence = wire.sequenceField { all.append(sequence) }
        let scopes = Set(all.map { name in name.lastIndex(of: ".").map { String(name[..<$0]) } })
        let scope = scopes.count == 1 ? scopes.first ?? nil : nil
        var measurement = scope ?? profile.name
        // A name of its own must not make another of a field's.
        while scope == nil, all.contains(where: { $0.hasPrefix(measurement + ".") }) { measurement += "_" }
        layout.head.append(lineName: measurement.utf8, isKey: false)
        if let device = wire.deviceField {
            layout.isTagged = true
            layout.head.append(UInt8(ascii: ","))
            layout.head.append(lineName: device.utf8, isKey: true)
            layout.head.append(UInt8(ascii: "="))
        }
        func add(_ name: String, _ place: RecordLayout.Place) {
            var key: [UInt8] = []
            key.append(
                lineName: scope == nil ? name.utf8[...] : name.utf8.dropFirst(measurement.utf8.count + 1),
                isKey: true)
            layout.fields.append((key, place))
        }
        if let sequence = wire.sequenceField { add(sequence, .sequence) }
        for (leaf, name) in names.enumerated() { add(name, .leaf(leaf)) }
        return layout
    }

    private func groupLayout() -> RecordLayout {
        let wire = profile.wire
        var layout = RecordLayout()
        if let device = wire.deviceField { layout.fields.append((Array(device.utf8), .device)) }
        if let sequence = wire.sequenceField { layout.fields.append((Array(sequence.utf8), .sequence)) }
        for (leaf, name) in names.enumerated() { layout.fields.append((Array(name.utf8), .leaf(leaf))) }
        return layout
    }

    private func packLayout() -> RecordLayout {
        var layout = RecordLayout()
        layout.records = senMLRecords.enumerated().map { leaf, record in
            (Array(record.name.utf8), Array(record.unit.utf8), record.isSum, leaf)
        }
        return layout
    }

    private func byteLayout() -> RecordLayout {
        let wire = profile.wire
        var layout = RecordLayout()
        layout.isWrapped = wire.payloadField != nil
        func add(_ name: String?, _ place: RecordLayout.Place) {
            guard let name, let field = CayenneLPPField(name) else { return }
            let known = layout.values.firstIndex {
                $0.channel == field.channel && $0.type.code == field.type.code
            }
            if known == nil {
                layout.values.append(
                    RecordLayout.Value(
                        channel: field.channel, type: field.type,
                        parts: Array(repeating: nil, count: field.type.parts)))
            }
            layout.values[known ?? layout.values.count - 1].parts[field.part] = place
        }
        add(wire.timeField, .time)
        add(wire.sequenceField, .sequence)
        for (leaf, name) in names.enumerated() { add(name, .leaf(leaf)) }
        return layout
    }
}

/// Names and strings of line protocol with its escapes.
extension [UInt8] {
    mutating func append(lineName name: some Sequence<UInt8>, isKey: Bool) {
        for byte in name {
            let isSpecial =
                byte == UInt8(ascii: ",") || byte == UInt8(ascii: " ") || isKey && byte == UInt8(ascii: "=")
            if isSpecial { append(UInt8(ascii: "\\")) }
            append(byte)
        }
    }

    mutating func append(lineString text: some Sequence<UInt8>) {
        append(UInt8(ascii: "\""))
        for byte in text {
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { append(UInt8(ascii: "\\")) }
            append(byte)
        }
        append(UInt8(ascii: "\""))
    }
}
