/// Fills the placeholders of a rule's texts.
package enum AlertText {
    package static let placeholders = [
        "device.id", "device.name", "device.name_en", "ward", "value", "limit", "unit",
    ]

    /// Names in braces that are no placeholder, for `ioc check`.
    package static func unknownPlaceholders(in template: String) -> [String] {
        var unknown: [String] = []
        var rest = template[...]
        while let open = rest.firstIndex(of: "{") {
            guard let close = rest[open...].firstIndex(of: "}") else {
                return unknown + [String(rest[open...])]
            }
            let name = String(rest[rest.index(after: open)..<close])
            if !placeholders.contains(name) { unknown.append(name) }
            rest = rest[rest.index(after: close)...]
        }
        return unknown
    }

    package static func fill(_ template: String, _ values: [String: String]) -> String {
        var text = ""
        var rest = template[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            text += rest[..<open]
            let name = String(rest[rest.index(after: open)..<close])
            text += values[name] ?? "{\(name)}"
            rest = rest[rest.index(after: close)...]
        }
        return text + rest
    }

    /// A number as an operator reads it: at most three digits behind the point.
    package static func number(_ value: Double) -> String {
        let thousandths = (value * 1_000).rounded()
        guard abs(thousandths) < 1e15 else { return "\(value)" }
        let whole = Int64(thousandths)
        let (units, fraction) = abs(whole).quotientAndRemainder(dividingBy: 1_000)
        let sign = whole < 0 ? "-" : ""
        guard fraction != 0 else { return "\(sign)\(units)" }
        var digits = String(String(1_000 + fraction).dropFirst())
        while digits.hasSuffix("0") { digits.removeLast() }
        return "\(sign)\(units).\(digits)"
    }
}
