/// Writes figures in the text format of Prometheus, version 0.0.4.
enum MetricsText {
    static let type = "text/plain; version=0.0.4; charset=utf-8"

    static func write(_ metrics: [Metric]) -> String {
        var text = ""
        // All lines of a name must be together, with its HELP and TYPE once in front.
        var names: [String] = []
        let byName = Dictionary(grouping: metrics, by: \.name)
        for metric in metrics where names.last != metric.name && !names.contains(metric.name) {
            names.append(metric.name)
        }
        for name in names {
            guard let group = byName[name], let first = group.first else { continue }
            text +=
                "# HELP \(name) \(escape(first.help, quotes: false))\n# TYPE \(name) \(first.kind.rawValue)\n"
            for metric in group {
                text += "\(name)\(metric.suffix)\(labels(metric)) \(number(metric.value))\n"
            }
        }
        return text
    }

    private static func labels(_ metric: Metric) -> String {
        guard !metric.labels.isEmpty else { return "" }
        return "{"
            + metric.labels.map { "\($0.name)=\"\(escape($0.value, quotes: true))\"" }.joined(separator: ",")
            + "}"
    }

    private static func escape(_ text: String, quotes: Bool) -> String {
        var escaped = ""
        for character in text.unicodeScalars {
            switch character {
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\"" where quotes: escaped += "\\\""
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }

    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        return Int64(exactly: value).map { "\($0)" } ?? "\(value)"
    }
}
