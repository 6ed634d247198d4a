import Telemetry

/// Reads a condition on values: a measurement, what is made of it, and its limit.
enum ThresholdReader {
    static func read(_ mapping: YAMLMapping) -> ConditionReader.Condition? {
        let measurement = mapping.optional("measurement")
        if measurement == nil { mapping.fault("expected `measurement`, `freshness`, `all` or `any`") }
        let over = mapping.optional("over")
        let statistic = mapping.optional("stat")
        let special = ["flat_within", "rises_to", "falls_to"].compactMap { key in
            mapping.optional(key).map { (key, $0) }
        }
        if special.count > 1 { special[1].1.fault("not together with `\(special[0].0)`") }
        let shape = special.first.map { trend($0.0, $0.1, mapping) } ?? plain(mapping)
        guard let name = measurement?.text(), let shape, let limit = shape.limit else { return nil }
        var measurements = [measurement!]
        if let over {
            if shape.window == nil {
                over.fault("needs a `window` and a `stat`: of both the same figure is taken")
            }
            if !special.isEmpty { over.fault("not together with `\(special[0].0)`") }
            if over.text() == name { over.fault("a measurement over itself is always 1") }
            measurements.append(over)
        }
        let signal = AlertSignal(measurement: name, window: shape.window, divisor: over?.text())
        var found = ConditionReader.Condition(
            condition: .threshold(AlertThreshold(signal, limit)), measurements: measurements)
        if let statistic, case .statistic(let figure)? = shape.window?.figure, figure.quantile != nil {
            found.quantiles = signal.measurements.map { (statistic, $0) }
        }
        return found
    }

    private struct Shape {
        var window: AlertWindow?
        /// nil if there is a mistake in it.
        var limit: AlertLimit?
    }

    /// A reading, or a statistic of a window, against a limit.
    private static func plain(_ mapping: YAMLMapping) -> Shape? {
        mapping.refuse("within", why: "only with `rises_to` or `falls_to`")
        let length = mapping.optional("window")
        let statistic = mapping.optional("stat")
        let word = statistic?.word(Statistic.self)
        let limit = limit(mapping)
        guard let length else {
            statistic?.fault("only together with `window`")
            return statistic == nil ? Shape(window: nil, limit: limit) : nil
        }
        if statistic == nil { length.fault("needs a `stat`: which figure of the window?") }
        guard let word, let window = window(length, .statistic(word)) else { return nil }
        return Shape(window: window, limit: limit)
    }

    /// A line that does not move, or one that is on its way to a level.
    private static func trend(_ key: String, _ value: YAMLValue, _ mapping: YAMLMapping) -> Shape? {
        mapping.refuse("stat", "above", "below", "outside", "equals", why: "not together with `\(key)`")
        guard let length = mapping.required("window"), let level = value.number() else { return nil }
        if key == "flat_within" {
            mapping.refuse("clear", "within", why: "not together with `flat_within`")
            if level < 0 { value.fault("expected 0 or more") }
            return window(length, .flatness).map { Shape(window: $0, limit: .atMost(level)) }
        }
        guard let within = mapping.required("within")?.span(atLeast: Span.minute) else { return nil }
        let hours = Double(within) / Double(Span.hour)
        var clear = hours
        if let end = mapping.optional("clear") {
            guard let span = end.span() else { return nil }
            clear = Double(span) / Double(Span.hour)
            if clear < hours { end.fault("must not be shorter than `within`") }
        }
        let figure = AlertFigure.hours(until: level, isRising: key == "rises_to")
        return window(length, figure).map { Shape(window: $0, limit: .below(hours, clear: clear)) }
    }

    private static func window(_ length: YAMLValue, _ figure: AlertFigure) -> AlertWindow? {
        guard let span = length.span() else { return nil }
        if let window = AlertWindow(length: span, figure: figure) { return window }
        var least = ""
        if case .hours = figure { least = "from `\(AlertWindow.fewestPoints)m` " }
        length.fault("expected a whole number of minutes \(least)up to `1d`, found \"\(Span.format(span))\"")
        return nil
    }

    // MARK: Limits

    private static func limit(_ mapping: YAMLMapping) -> AlertLimit? {
        let clear = mapping.optional("clear")
        let found = ["above", "below", "outside", "equals"].compactMap { key in
            mapping.optional(key).map { (key, $0) }
        }
        guard let (key, value) = found.first, found.count == 1 else {
            let names = found.map { "`\($0.0)`" }.joined(separator: " and ")
            mapping.fault(
                "expected one of `above`, `below`, `outside`, `equals`, found \(names.isEmpty ? "none" : names)"
            )
            return nil
        }
        switch key {
        case "above": return above(value, clear)
        case "below": return below(value, clear)
        case "outside": return outside(value, clear)
        default:
            clear?.fault("not with `equals`")
            return value.number().map { .equals($0) }
        }
    }

    private static func above(_ value: YAMLValue, _ clear: YAMLValue?) -> AlertLimit? {
        guard let limit = value.number() else { return nil }
        guard let clear else { return .above(limit, clear: limit) }
        guard let end = clear.number() else { return nil }
        if end > limit { clear.fault("must not lie above the limit \(AlertText.number(limit))") }
        return .above(limit, clear: end)
    }

    private static func below(_ value: YAMLValue, _ clear: YAMLValue?) -> AlertLimit? {
        guard let limit = value.number() else { return nil }
        guard let clear else { return .below(limit, clear: limit) }
        guard let end = clear.number() else { return nil }
        if end < limit { clear.fault("must not lie below the limit \(AlertText.number(limit))") }
        return .below(limit, clear: end)
    }

    private static func outside(_ value: YAMLValue, _ clear: YAMLValue?) -> AlertLimit? {
        guard let limits = value.range() else { return nil }
        guard let clear else { return .outside(limits, clear: limits) }
        guard let ends = clear.range() else { return nil }
        if ends.lowerBound < limits.lowerBound || ends.upperBound > limits.upperBound {
            clear.fault("must lie inside the limits")
        }
        return .outside(limits, clear: ends)
    }
}
