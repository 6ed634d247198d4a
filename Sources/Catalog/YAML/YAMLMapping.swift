import Telemetry
import Yams

/// A mapping that knows which keys were asked for: the others are mistakes.
final class YAMLMapping {
    private let value: YAMLValue
    private let pairs: [(key: YAMLValue, text: String, value: YAMLValue)]
    private var asked: [String] = []

    fileprivate init(_ value: YAMLValue, _ pairs: [(key: YAMLValue, text: String, value: YAMLValue)]) {
        self.value = value
        self.pairs = pairs
    }

    func fault(_ message: String) { value.fault(message) }
    var place: String { value.place }
    /// As YAML in one style, without comments: equal for what says the same.
    var text: String { (try? Yams.serialize(node: value.node)) ?? "" }

    /// What stands under `key`, nil if nothing does.
    func optional(_ key: String) -> YAMLValue? {
        asked.append(key)
        return pairs.first { $0.text == key }?.value
    }

    /// What stands under `key`, nil also for `null`.
    func nullable(_ key: String) -> YAMLValue? {
        optional(key).flatMap { $0.isNull ? nil : $0 }
    }

    /// What stands under `key`; that nothing does is a mistake.
    func required(_ key: String) -> YAMLValue? {
        if let found = optional(key) { return found }
        value.file.fault(line: value.line, column: value.column, "`\(key)` is missing")
        return nil
    }

    /// The one of `keys` that is there; that none is, or several are, is a mistake.
    func one(of keys: String...) -> (key: String, value: YAMLValue)? {
        let found = keys.compactMap { key in optional(key).map { (key: key, value: $0) } }
        guard let only = found.first, found.count == 1 else {
            let known = keys.map { "`\($0)`" }.joined(separator: ", ")
            let names = found.map { "`\($0.key)`" }.joined(separator: " and ")
            fault("expected one of \(known), found \(names.isEmpty ? "none" : names)")
            return nil
        }
        return only
    }

    /// Notes `why` for each of `keys` that is there.
    func refuse(_ keys: String..., why: String) {
        for key in keys { optional(key)?.fault(why) }
    }

    fileprivate func reportUnknown() {
        for pair in pairs where !asked.contains(pair.text) {
            let hint = Spelling.hint(pair.text, asked.filter { key in !pairs.contains { $0.text == key } })
            value.file.fault(
                line: pair.key.line, column: pair.key.column, "unknown key `\(pair.text)`\(hint)")
        }
    }
}

extension YAMLValue {
    /// Reads a mapping with `body`; keys it did not ask for are mistakes.
    func mapping<Result>(_ body: (YAMLMapping) -> Result) -> Result? {
        guard let pairs = entries() else { return nil }
        let mapping = YAMLMapping(self, pairs)
        let result = body(mapping)
        mapping.reportUnknown()
        return result
    }

    /// The entries of a mapping whose keys are free.
    func entries() -> [(key: YAMLValue, text: String, value: YAMLValue)]? {
        guard case .mapping(let mapping) = node else { return expected("a mapping") }
        return mapping.compactMap { pair in
            let key = YAMLValue(node: pair.key, name: name, file: file)
            guard case .scalar(let scalar) = pair.key else {
                key.fault("a key must be a word")
                return nil
            }
            return (key, scalar.string, YAMLValue(node: pair.value, name: scalar.string, file: file))
        }
    }

    /// `{vi, en}`, both required.
    func title() -> Title? {
        mapping { mapping -> Title? in
            let vi = mapping.required("vi")?.text()
            let en = mapping.required("en")?.text()
            guard let vi, let en else { return nil }
            return Title(vi: vi, en: en)
        } ?? nil
    }
}
