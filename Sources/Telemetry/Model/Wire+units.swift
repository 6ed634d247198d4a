extension Unit {
    /// The unit that `text` names in whatever spelling: UCUM before common codes before SenML, which differ in `%` only.
    package static func spelled(_ text: String) -> Unit? { ucum(text) ?? commonCode(text) ?? senml(text) }

    /// Everything a payload may write for a unit that converts to this one; its own spellings come first.
    package var spellings: [(text: String, unit: Unit)] {
        var spellings: [(text: String, unit: Unit)] = []
        for unit in [self] + UnitTable.rows where unit.conversion(to: self) != nil {
            for text in unit.commonCodes + [unit.code] + unit.senmlSymbols
            where Unit.spelled(text) == unit && !spellings.contains(where: { $0.text == text }) {
                spellings.append((text, unit))
            }
        }
        // Recommendation 20 has `C62`, one, for whatever is counted.
        if broader == UnitTable.count { spellings.append(("C62", self)) }
        return spellings
    }

    /// Everything a SenML pack may write for a unit that converts to this one; its own symbols come first. SenML's meaning
    /// goes before UCUM's: `%` is a ratio there.
    var senMLSpellings: [(text: String, unit: Unit)] {
        var spellings: [(text: String, unit: Unit)] = []
        for unit in [self] + UnitTable.rows where unit.conversion(to: self) != nil {
            for text in unit.senmlSymbols + [unit.code]
            where (Unit.senml(text) ?? unit) == unit && !spellings.contains(where: { $0.text == text }) {
                spellings.append((text, unit))
            }
        }
        return spellings
    }
}

extension Wire.Field {
    /// A unit as a payload writes it: value = raw × scale + offset.
    package struct UnitSpelling: Sendable, Equatable {
        package var text: String
        package var scale: Double
        package var offset: Double
    }

    /// Has values arrive in `unit`: the field's own scale and offset are applied first, then the conversion.
    ///
    /// - Parameters:
    ///   - wire: the unit of the payload, nil if it is `unit`.
    ///   - field: where the payload itself names the unit; `wire` then holds for payloads that name none, and without
    ///     `wire` they are refused.
    /// - Returns: whether `wire` converts to `unit`; if not, nothing is changed.
    package mutating func convert(to unit: Unit, from wire: Unit? = nil, namedIn field: String? = nil) -> Bool
    {
        guard let convert = conversion(to: unit, from: wire) else { return false }
        guard let field else { return true }
        unitField = field
        needsUnit = wire == nil
        let written = wire ?? unit
        writtenUnit = written.commonCodes.first ?? written.code
        unitSpellings = unit.spellings.compactMap(convert)
        return true
    }

    /// The same for SenML, whose records have a place for their unit.
    /// - Parameter wire: the unit of records that name none; its code means it in those that do, also where SenML gives
    ///   it another meaning (`%`).
    package mutating func convertSenML(to unit: Unit, from wire: Unit? = nil) -> Bool {
        guard let convert = conversion(to: unit, from: wire) else { return false }
        let own = wire.map { [(text: $0.code, unit: $0)] } ?? []
        unitSpellings = (own + unit.senMLSpellings.filter { $0.text != wire?.code }).compactMap(convert)
        writtenUnit = unitSpellings.first?.text ?? ""
        return true
    }

    /// Sets scale and offset to those from `wire` to `unit`.
    /// - Returns: what they are for another spelling; nil if `wire` does not convert to `unit`.
    private mutating func conversion(to unit: Unit, from wire: Unit?) -> (
        ((text: String, unit: Unit)) -> UnitSpelling?
    )? {
        let raw = (scale: scale, offset: offset)
        func composed(_ next: (scale: Double, offset: Double)) -> (scale: Double, offset: Double) {
            (raw.scale * next.scale, raw.offset * next.scale + next.offset)
        }
        if let wire {
            guard let conversion = wire.conversion(to: unit) else { return nil }
            (scale, offset) = composed(conversion)
        }
        return { spelling in
            spelling.unit.conversion(to: unit).map(composed).map {
                UnitSpelling(text: spelling.text, scale: $0.scale, offset: $0.offset)
            }
        }
    }
}
