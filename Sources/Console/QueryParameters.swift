import HTTPTypes
import Hummingbird

/// The parameters of a request, all of which must be known: a misspelt filter would silently filter nothing.
struct QueryParameters: Sendable {
    private let values: [String: [String]]

    init(_ request: Request, known: [String]) throws(Fault) {
        var values: [String: [String]] = [:]
        for (key, value) in request.uri.queryParameters {
            guard known.contains(String(key)) else {
                let hint = known.isEmpty ? "takes none" : "knows \(known.joined(separator: ", "))"
                throw .badRequest("\(key): unknown parameter; \(request.uri.path) \(hint)")
            }
            guard !value.isEmpty else {
                throw .badRequest("\(key): is empty; give it a value or leave it out")
            }
            values[String(key), default: []].append(String(value))
        }
        self.values = values
    }

    /// Of what an operator sees or does: refusals are said in `lang`, English unless it is `vi`.
    init(ofOperator request: Request, known: [String] = []) throws(Fault) {
        try self.init(request, known: known + ["lang"])
        _ = try word("lang", of: ["vi", "en"])
    }

    func texts(_ name: String) -> [String] { values[name] ?? [] }

    func text(_ name: String) throws(Fault) -> String? {
        let all = texts(name)
        guard all.count <= 1 else { throw .badRequest("\(name): is given \(all.count) times; give it once") }
        return all.first
    }

    func flag(_ name: String) throws(Fault) -> Bool? {
        switch try text(name) {
        case nil: return nil
        case "true": return true
        case "false": return false
        case .some(let text): throw .badRequest("\(name): expected true or false, found \"\(text)\"")
        }
    }

    func number(_ name: String, in range: ClosedRange<Int>) throws(Fault) -> Int? {
        guard let text = try text(name) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw .badRequest(
                "\(name): expected a number from \(range.lowerBound) to \(range.upperBound), found \"\(text)\""
            )
        }
        return number
    }

    /// - Returns: `text`, if it is one of `words`.
    func word(_ name: String, of words: [String]) throws(Fault) -> String? {
        guard let text = try text(name) else { return nil }
        return try Self.check(name, text, words)
    }

    func words(_ name: String, of words: [String]) throws(Fault) -> [String] {
        var found: [String] = []
        for text in texts(name) { found.append(try Self.check(name, text, words)) }
        return found
    }

    private static func check(_ name: String, _ text: String, _ words: [String]) throws(Fault) -> String {
        guard words.contains(text) else {
            throw .badRequest("\(name): expected one of \(words.joined(separator: ", ")), found \"\(text)\"")
        }
        return text
    }
}
