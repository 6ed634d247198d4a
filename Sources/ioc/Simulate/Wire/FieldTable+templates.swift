import Telemetry

/// The template of each wire form.
extension FieldTable {
    func jsonTemplate(timeIsText: Bool) -> PayloadTemplate {
        let wire = profile.wire
        let json = JSONTemplate(timeIsText: timeIsText, devicePrefix: wire.devicePrefix)
        if let records = wire.recordsField { json.addRecords(at: tokens(records)) }
        func add(_ step: PayloadTemplate.Step, _ field: String?) {
            // What is no pointer is in the bytes of a binary payload.
            if let field, wire.form.isPointer(field) { json.add(step, at: tokens(field)) }
        }
        add(.time, wire.timeField)
        add(.sequence, wire.sequenceField)
        add(.device, wire.deviceField)
        add(.layout, wire.payloadField)
        for (leaf, name) in names.enumerated() where wire.form.isPointer(name) {
            json.add(.leaf(leaf), at: tokens(name), star: star(of: leaf))
        }
        for field in wire.fields {
            if let unit = field.unitField { json.add(text: field.writtenUnit, at: tokens(unit)) }
        }
        return json.build()
    }

    /// Pointers that start with `./` are relative to a record.
    private func tokens(_ pointer: String) -> [String] {
        guard pointer.hasPrefix("./") else { return JSONPathTree.tokens(pointer) ?? [] }
        let element = profile.wire.recordsField.flatMap { JSONPathTree.tokens($0) } ?? []
        return element + (JSONPathTree.tokens(String(pointer.dropFirst())) ?? [])
    }

    func csvTemplate() -> PayloadTemplate {
        let wire = profile.wire
        var cells: [(name: String, step: PayloadTemplate.Step?)] = []
        var constants: [String: String] = [:]
        if let time = wire.timeField { cells.append((time, .time)) }
        if let device = wire.deviceField { cells.append((device, .device)) }
        if let sequence = wire.sequenceField { cells.append((sequence, .sequence)) }
        for (leaf, name) in names.enumerated() { cells.append((name, .leaf(leaf))) }
        var header = PayloadTemplate()
        var row = PayloadTemplate()
        for field in wire.fields {
            guard let unit = field.unitField, !cells.contains(where: { $0.name == unit }) else { continue }
            cells.append((unit, nil))
            constants[unit] = field.writtenUnit
        }
        for (index, cell) in cells.enumerated() {
            if index > 0 {
                header.add([wire.dialect.delimiter])
                row.add([wire.dialect.delimiter])
            }
            let needsQuotes = cell.name.utf8.contains(wire.dialect.delimiter)
            header.add(needsQuotes ? "\"\(cell.name)\"" : cell.name)
            if let step = cell.step { row.add(step) } else { row.add(constants[cell.name] ?? "") }
        }
        header.add("\n")
        row.add("\n")
        header.add(body: row) { .records(body: $0, separator: nil) }
        return header
    }

    /// By leaf: what stands in its record beside the value.
    var senMLRecords: [(name: String, unit: String, isSum: Bool)] {
        let fields = profile.wire.fields
        return names.enumerated().map { leaf, name in
            let field = fields.indices.contains(leaf) ? fields[leaf] : Wire.Field()
            let nameOfSum = SenMLPlan.nameOfSum(name)
            return (nameOfSum ?? name, field.writtenUnit, nameOfSum != nil)
        }
    }

    func senmlTemplate() -> PayloadTemplate {
        var pack = PayloadTemplate()
        pack.add("[")
        for (leaf, (name, unit, isSum)) in senMLRecords.enumerated() {
            var record = PayloadTemplate()
            var text = Array("\"n\":".utf8)
            text.append(quoted: name.utf8)
            if !unit.isEmpty {
                text.append(text: ",\"u\":")
                text.append(quoted: unit.utf8)
            }
            switch leaves[leaf].style {
            case .number: text.append(text: isSum ? ",\"s\":" : ",\"v\":")
            case .flag: text.append(text: ",\"vb\":")
            case .words: text.append(text: ",\"vs\":")
            }
            record.add(text)
            record.add(.leaf(leaf))
            record.add("}")
            pack.add(body: record) { .packed(leaf: leaf, body: $0) }
        }
        pack.add("]")
        return pack
    }

    func layoutTemplate() -> PayloadTemplate {
        var template = PayloadTemplate()
        template.add(.layout)
        return template
    }

    func scalarTemplate() -> PayloadTemplate {
        var template = PayloadTemplate()
        template.add(.leaf(0))
        return template
    }
}
