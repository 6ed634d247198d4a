import Telemetry

/// Reads what unit the payload's values are in: `wire_unit` and `unit_field`.
struct UnitReader {
    let form: Wire.Form
    let check: FieldCheck

    /// - Parameter unit: the measurement's own, nil if it is a mistake already.
    func read(
        _ mapping: YAMLMapping, _ kind: MeasurementKind?, _ unit: Unit?, into field: inout Wire.Field
    ) {
        let wireValue = mapping.optional("wire_unit")
        let fieldValue = mapping.optional("unit_field")
        let wire = wireValue?.wireUnit()
        let place = fieldValue.flatMap { check.field($0) }
        if kind == .ratio || kind == .state, let kind {
            mapping.refuse("wire_unit", "unit_field", why: "not for `kind: \(kind.rawValue)`")
            return
        }
        if form.senMLEncoding != nil {
            mapping.refuse("unit_field", why: "not for `\(form.rawValue)`: a pack has a place for its units")
        } else if form != .json, form != .csv, let fieldValue {
            fieldValue.fault("only with `format: json` or `format: csv`")
            return
        }
        guard let unit else { return }
        let converts =
            form.senMLEncoding == nil
            ? field.convert(to: unit, from: wire, namedIn: place) : field.convertSenML(to: unit, from: wire)
        if !converts, let wire {
            wireValue?.fault(
                "`\(wire.code)` (\(wire.quantity)) does not convert to `\(unit.code)` (\(unit.quantity))")
        }
    }
}

extension YAMLValue {
    /// A unit by its UCUM code.
    func unit() -> Unit? {
        guard let text = text() else { return nil }
        if let unit = Unit.ucum(text) { return unit }
        fault("`\(text)` is no UCUM unit\(Self.unitHint(text))")
        return nil
    }

    /// A unit by its UCUM code or its common code.
    fileprivate func wireUnit() -> Unit? {
        guard let text = text() else { return nil }
        if let unit = Unit.ucum(text) ?? Unit.commonCode(text) { return unit }
        fault("`\(text)` is neither a UCUM unit nor a common code\(Self.unitHint(text))")
        return nil
    }

    /// Another system's spelling is no misspelling: it says which unit is meant.
    private static func unitHint(_ text: String) -> String {
        let codes = UnitTable.rows.map(\.code)
        func letters(_ code: String) -> String { code.lowercased().filter { $0.isLetter || $0.isNumber } }
        if text.hasPrefix("{") { return "; what is counted is one word, like `{persons}`" }
        if let meant = Unit.spelled(text)?.code ?? codes.first(where: { letters($0) == letters(text) }) {
            return "; did you mean `\(meant)`?"
        }
        return Spelling.hint(text, codes)
    }
}
