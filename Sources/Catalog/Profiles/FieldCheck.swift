import Telemetry

/// Checks the fields of one profile: each by its format's rules, then all against each other.
final class FieldCheck {
    private let form: Wire.Form
    private let records: (path: FieldPath, value: YAMLValue)?
    private var paths: [(path: FieldPath, text: String, value: YAMLValue)] = []
    private var isRecordUsed = false
    /// Whether a field names the device above its records.
    private var hasOwner = false
    /// Whether there is a JSON message around a binary payload.
    private let isWrapped: Bool

    init(form: Wire.Form, records value: YAMLValue?, isWrapped: Bool = false) {
        self.form = form
        self.isWrapped = isWrapped
        guard form == .json, let value, let text = value.text() else {
            records = nil
            return
        }
        do throws(FieldPath.Mistake) {
            records = (try FieldPath(records: text), value)
        } catch {
            value.fault(Self.explain(error))
            // Goes on with a stand-in, so that every `./` is not one more mistake.
            records = (try? FieldPath(records: "/*")).map { ($0, value) }
        }
    }

    /// The field that `value` names; nil if it is none.
    /// - Parameter isReduced: whether several values become one; without, `*` is a mistake.
    func field(_ value: YAMLValue, isReduced: Bool = false) -> String? {
        guard let text = value.text() else { return nil }
        guard form.isPointer(text) else {
            return form == .cayenneLPP
                ? cayenneField(text, value)
                : form.senMLEncoding != nil ? senMLField(text, value) : text
        }
        guard form == .json || isWrapped else {
            value.fault("`\(text)`: a pointer needs `payload`, which says where the bytes are in the message")
            return nil
        }
        do throws(FieldPath.Mistake) {
            let path = try FieldPath(text, records: records?.path)
            if path.isMany, !isReduced {
                value.fault("`*` finds several values: say with `reduce` how they become one")
            }
            paths.append((path, text, value))
            isRecordUsed = isRecordUsed || path.isInRecord
            return text
        } catch {
            value.fault(Self.explain(error))
            return nil
        }
    }

    /// The field that names the device; it may stand above the records of the device.
    func owner(_ value: YAMLValue) -> String? {
        guard form == .json, let text = value.text(), let path = FieldPath(owner: text, above: records?.path)
        else {
            return field(value)
        }
        paths.append((path, text, value))
        hasOwner = true
        return text
    }

    /// A field of the message around a binary payload.
    func pointer(_ value: YAMLValue) -> String? {
        guard let text = value.text() else { return nil }
        guard text.utf8.first == UInt8(ascii: "/") else {
            value.fault(Self.explain(.noPointer(text)))
            return nil
        }
        return field(value)
    }

    private func senMLField(_ text: String, _ value: YAMLValue) -> String? {
        let name = SenMLPlan.nameOfSum(text) ?? text
        let isName = !name.isEmpty && name.utf8.allSatisfy(SenMLPlan.isOfName)
        if !isName {
            value.fault("`\(text)`: a name has letters, digits and `- : . / _`, and a sum is `sum(NAME)`")
        }
        return isName ? text : nil
    }

    private func cayenneField(_ text: String, _ value: YAMLValue) -> String? {
        if CayenneLPPField(text) != nil { return text }
        let type = text.prefix { $0 != "/" }
        guard let known = CayenneLPPType.named.first(where: { $0.name == type }) else {
            let hint = Spelling.hint(String(type), CayenneLPPType.named.map(\.name))
            value.fault("`\(text)`: `\(type)` is no type of Cayenne LPP\(hint)")
            return nil
        }
        value.fault(
            known.parts.isEmpty
                ? "`\(text)`: expected `\(type)/` and a channel from 0 to 255"
                : "`\(text)`: expected `\(type)/`, a channel from 0 to 255 and one of "
                    + known.parts.map { "`/\($0)`" }.joined(separator: " "))
        return nil
    }

    /// Whether one of the values is found by a `*`.
    func isMany(_ text: String) -> Bool { paths.last { $0.text == text }?.path.isMany ?? false }

    /// Notes fields that cannot be read in one walk.
    func compare() {
        if let records, !isRecordUsed {
            records.value.fault("no field starts with `./`, so there is nothing in a record")
        }
        if let records, records.path.ownerLevels != nil, !records.path.isKeyedByDevice, !hasOwner {
            records.value.fault(
                "two levels are `*`: say with `device` what the device is called beside the second, or write `{device}`"
            )
        }
        var compared: [(path: FieldPath, text: String)] = []
        for later in paths {
            let isOverRecords = records.map { $0.path.tokens.starts(with: later.path.tokens) } ?? false
            if isOverRecords {
                later.value.fault("`\(later.text)` is above the records, so it is no value")
                continue
            }
            if let earlier = compared.first(where: { $0.path.conflicts(with: later.path) }) {
                later.value.fault(
                    "`\(later.text)` cannot stand beside `\(earlier.text)`: one lies inside the other, or `*` covers both"
                )
            }
            compared.append((later.path, later.text))
        }
    }

    private static func explain(_ mistake: FieldPath.Mistake) -> String {
        switch mistake {
        case .noPointer(let text): "expected a JSON Pointer like `/speed`, found \"\(text)\""
        case .relativeWithoutRecords(let text):
            "`\(text)` is relative to a record: say with `records` where they are"
        case .tooManyStars(let text): "`\(text)`: one level may be `*`, not more"
        case .noCayenneField(let text): "`\(text)`: expected a type and a channel like `temperature/3`"
        case .noRecords(let text):
            "`\(text)`: expected a pointer that ends in `/*` or `/{device}`, with one such level more at most"
        }
    }
}
