import Telemetry

/// How many devices are fresh, late, silent and never heard, in a line.
enum FreshnessCounts {
    static func line(_ counts: [String: Int], _ language: Language) -> StyledLine {
        WordCounts.line(counts, order: Freshness.allCases.map(\.rawValue), language) { word in
            (Freshness.spoken(word, language), style(word))
        }
    }

    static func style(_ freshness: String) -> Style {
        switch Freshness(rawValue: freshness) {
        case .fresh: .green
        case .late: .yellow
        case .silent: .red
        case .neverReported: .cyan
        case nil: .plain
        }
    }
}

/// How many open alerts there are of each priority, the most urgent first.
enum PriorityCounts {
    static func line(_ counts: [String: Int], _ language: Language) -> StyledLine {
        WordCounts.line(counts, order: AlertPriority.allCases.reversed().map(\.rawValue), language) { word in
            (AlertPriority.spoken(word, language), AlertPriority(rawValue: word).map(Style.of) ?? .plain)
        }
    }
}

private enum WordCounts {
    /// Words that are not known here come last.
    static func line(
        _ counts: [String: Int], order: [String], _ language: Language, _ spoken: (String) -> (String, Style)
    ) -> StyledLine {
        let words = order + counts.keys.filter { !order.contains($0) }.sorted()
        var line = StyledLine()
        for word in words {
            guard let count = counts[word], count > 0 else { continue }
            let (text, style) = spoken(word)
            if !line.pieces.isEmpty { line.append(" · ") }
            line.append("\(count) \(text)", style)
        }
        return line.pieces.isEmpty ? StyledLine(language(vi: "không có", en: "none")) : line
    }
}
