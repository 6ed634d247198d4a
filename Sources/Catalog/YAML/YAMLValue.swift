import Telemetry
import Yams

/// One value of a YAML file with its place: every way to read it notes what is wrong and returns nil.
struct YAMLValue {
    let node: Node
    /// What messages call it: its key.
    let name: String
    let file: SourceFile

    var line: Int { node.mark?.line ?? 1 }
    var column: Int { node.mark?.column ?? 1 }
    /// `file:line:column`.
    var place: String { "\(file.path):\(line):\(column)" }

    func fault(_ message: String) { file.fault(line: line, column: column, "\(name): \(message)") }

    /// Notes what was expected here; returns nil so that readers can return it.
    func expected<Value>(_ what: String) -> Value? {
        fault("expected \(what), found \(found)")
        return nil
    }

    private var found: String {
        switch node {
        case .scalar(let scalar): isNull ? "nothing" : "\"\(scalar.string.prefix(60))\""
        case .sequence: "a list"
        case .mapping: "a mapping"
        case .alias: "an alias"
        }
    }

    private var scalar: Node.Scalar? { if case .scalar(let scalar) = node { scalar } else { nil } }

    private var plain: String? {
        guard let scalar, scalar.style == .plain || scalar.style == .any else { return nil }
        return scalar.string
    }

    /// Whether nothing stands here, or `null`.
    var isNull: Bool { plain.map { ["", "~", "null", "Null", "NULL"].contains($0) } ?? false }
    var isList: Bool { if case .sequence = node { true } else { false } }
    var isMapping: Bool { if case .mapping = node { true } else { false } }

    /// What YAML 1.1 takes for a boolean when it has no quotes: some editors and libraries still do.
    private static let booleans: Set<String> = ["true", "false", "yes", "no", "on", "off"]

    // MARK: Texts

    /// A text, taken as it is; may be empty if it is quoted.
    func verbatim() -> String? {
        guard let scalar, !isNull else { return expected("a text") }
        if let plain, Self.booleans.contains(plain.lowercased()) {
            fault("`\(plain)` is a boolean in YAML, and a text is expected: put it in quotes")
            return nil
        }
        return scalar.string
    }

    /// A text that says something.
    func text() -> String? {
        guard let text = verbatim() else { return nil }
        return text.allSatisfy(\.isWhitespace) ? expected("a text") : text
    }

    /// One scalar or a list of them as they are written: texts, numbers and booleans, as payloads have them.
    func tokens() -> [String] {
        let values = isList ? list() ?? [] : [self]
        if values.isEmpty { fault("expected at least one number, text, or true or false") }
        return values.compactMap { value in
            guard let scalar = value.scalar, !value.isNull else {
                return value.expected("a number, a text, or true or false")
            }
            return scalar.string
        }
    }

    /// One of the words of `Word`.
    func word<Word>(_: Word.Type) -> Word? where Word: RawRepresentable<String> & CaseIterable {
        guard let text = text() else { return nil }
        if let word = Word(rawValue: text) { return word }
        let known = Word.allCases.map(\.rawValue)
        let hint = Spelling.hint(text, known)
        let list = known.map { "`\($0)`" }.joined(separator: ", ")
        fault(hint.isEmpty ? "expected one of \(list), found \"\(text)\"" : "unknown word \"\(text)\"\(hint)")
        return nil
    }

    func boolean() -> Bool? {
        switch plain {
        case "true": true
        case "false": false
        default: expected("true or false")
        }
    }

    // MARK: Lists

    func list() -> [YAMLValue]? {
        guard case .sequence(let sequence) = node else { return expected("a list") }
        return sequence.map { YAMLValue(node: $0, name: name, file: file) }
    }

    /// A list of texts; entries that are none are noted and left out.
    func texts() -> [String]? { list()?.compactMap { $0.text() } }

    /// What something is narrowed to: an empty list would narrow it to nothing or to all, nobody knows.
    func narrowing() -> [YAMLValue]? {
        guard let list = list() else { return nil }
        if list.isEmpty { fault("expected at least one entry; leave it out for all") }
        return list
    }
}
