import Telemetry

/// Reads one entry of `measurements`.
struct MeasurementReader {
    let form: Wire.Form
    let check: FieldCheck
    /// Topics that name the field of a `scalar`.
    let fieldTopics: [TopicTemplate]

    func read(_ value: YAMLValue) -> (Measurement, Wire.Field)? {
        value.mapping(read) ?? nil
    }

    private enum NumberWord: String, CaseIterable {
        case strings
        case commaStrings = "comma-strings"
    }

    private func read(_ mapping: YAMLMapping) -> (Measurement, Wire.Field)? {
        let nameValue = mapping.required("name")
        let name = nameValue?.text()
        if let name, !Identifier.isMeasurement(name) {
            nameValue?.fault("expected a letter and then letters and digits, found \"\(name)\"")
        }
        let title = mapping.required("title")?.title()
        let unit = mapping.required("unit")?.unit()
        let kind = mapping.required("kind")?.word(MeasurementKind.self)
        let valid = mapping.optional("valid")?.range()
        var field = field(mapping, kind)
        UnitReader(form: form, check: check).read(mapping, kind, unit, into: &field)
        let quantiles = mapping.optional("quantiles")
        let keepsQuantiles = quantiles?.boolean() ?? false
        if let kind, keepsQuantiles, kind == .state || kind == .ratio {
            quantiles?.fault("not for `kind: \(kind.rawValue)`")
        }
        let simulation = mapping.optional("simulate").flatMap(SimulationReader.read)
        guard let name, let title, let unit, let kind else { return nil }
        let measurement = Measurement(
            name: name, title: title, unit: unit.code, kind: kind, valid: valid,
            keepsQuantiles: keepsQuantiles,
            words: field.words, simulation: simulation)
        return (measurement, field)
    }

    // MARK: The field

    private func field(_ mapping: YAMLMapping, _ kind: MeasurementKind?) -> Wire.Field {
        var field = Wire.Field()
        let reduce = mapping.optional("reduce")
        field.reduction = reduce?.word(Reduction.self)
        place(mapping, kind, &field, isReduced: reduce != nil)
        if form != .json {
            reduce?.fault("only with `format: json`")
        } else if let reduce {
            checkUse(reduce, field)
        }
        if let scale = mapping.optional("scale")?.number() { field.scale = scale }
        if let offset = mapping.optional("offset")?.number() { field.offset = offset }
        field.words = mapping.optional("enum").map(words) ?? []
        let numbers = mapping.optional("numbers")
        let numberWord = numbers?.word(NumberWord.self)
        field.numbersAreText = numberWord != nil
        if numberWord == .commaStrings { field.decimal = UInt8(ascii: ",") }
        if form != .json { numbers?.fault("only with `format: json`") }
        let sentinel = mapping.optional("sentinel")
        field.sentinels = sentinel?.tokens() ?? []
        if form.senMLEncoding != nil { sentinel?.fault("not for `\(form.rawValue)`") }
        let fallback = mapping.optional("default")
        field.fallback = fallback?.number()
        if form.senMLEncoding != nil {
            fallback?.fault("not for `\(form.rawValue)`: a record that is not in the pack is no reading")
        }
        if form == .sparkplug {
            fallback?.fault("not for `sparkplug-b`: what a message leaves out has not changed")
        }
        if field.scale == 0 { mapping.optional("scale")?.fault("0 would make every value the same") }
        if kind == .ratio {
            mapping.refuse("scale", "offset", "enum", "default", why: "not for `kind: ratio`")
        }
        return field
    }

    private func place(
        _ mapping: YAMLMapping, _ kind: MeasurementKind?, _ field: inout Wire.Field, isReduced: Bool
    ) {
        if kind == .ratio {
            mapping.refuse("field", why: "not for `kind: ratio`: give `numerator` and `denominator`")
            if form.senMLEncoding != nil || form == .scalar {
                mapping.optional("kind")?.fault("`ratio` needs two fields, which `\(form.rawValue)` has not")
            }
            field.numerator = mapping.required("numerator").flatMap { check.field($0, isReduced: isReduced) }
            field.denominator = mapping.required("denominator").flatMap {
                check.field($0, isReduced: isReduced)
            }
            return
        }
        if kind != nil { mapping.refuse("numerator", "denominator", why: "only for `kind: ratio`") }
        if form == .scalar, fieldTopics.isEmpty {
            mapping.refuse("field", why: "not for `scalar`: the payload is the value alone")
        } else if form == .scalar {
            field.field = mapping.required("field").flatMap(topicField)
            mapping.refuse("default", why: "not where topics name the field: each message is one of them")
        } else {
            field.field = mapping.required("field").flatMap { check.field($0, isReduced: isReduced) }
        }
    }

    private func topicField(_ value: YAMLValue) -> String? {
        guard let text = value.text() else { return nil }
        for topic in fieldTopics where topic.filled(with: text, field: 0) == nil {
            value.fault(
                "expected what stands for `{field}` in `\(topic.text)`, as many levels without `+` and `#`")
            return nil
        }
        return text
    }

    private func checkUse(_ reduce: YAMLValue, _ field: Wire.Field) {
        let fields = [field.field, field.numerator, field.denominator].compactMap { $0 }
        if !fields.isEmpty, !fields.contains(where: check.isMany) {
            reduce.fault("nothing to reduce: no level of the field is `*`")
        }
    }

    private func words(_ value: YAMLValue) -> [(word: String, value: Double)] {
        var words: [(word: String, value: Double)] = []
        for entry in value.entries() ?? [] {
            guard let word = entry.key.verbatim(), let number = entry.value.number() else { continue }
            if let other = words.first(where: { $0.value == number }) {
                entry.value.fault("`\(other.word)` is \(AlertText.number(number)) already")
            }
            words.append((word, number))
        }
        if words.isEmpty, value.isMapping { value.fault("expected at least one word") }
        return words
    }
}
