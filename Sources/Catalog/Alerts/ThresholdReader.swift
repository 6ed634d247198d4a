import Telemetry

/// Reads a condition on values: a measurement, what is made of it, and its limit.
enum ThresholdReader {
    static func read(_ mapping: YAMLMapping) -> ConditionReader.Condition? {
        let special = Self.special.compactMap { key in mapping.optional(key).map { (key, $0) } }
        if special.count > 1 { special[1].1.fault("not together with `\(special[0].0)`") }
        let shape: Shape?
        switch special.first {
        case (let key, let value)? where key.hasPrefix("deviates"): shape = deviation(key, value, mapping)
        case (let key, let value)?: shape = trend(key, value, mapping)
        case nil: shape = plain(mapping)
        }
        let variants = variants(mapping, isPlain: special.isEmpty)
        guard let (signal, condition) = signal(mapping, shape?.window, special.first?.0),
            let limit = shape?.limit
        else { return nil }
        var found = condition
        found.condition = .threshold(
            AlertThreshold(
                signal, limit, variants: variants.map { .init(during: $0.name, limit: $0.limit) }))
        found.times = variants.map(\.place)
        if special.first?.0.hasPrefix("deviates") == true { found.noCounters = found.measurements }
        return found
    }

    private static let special = [
        "flat_within", "rises_to", "falls_to", "deviates", "deviates_above", "deviates_below",
    ]

    /// What the members of a group are asked for their mean: a value, and no limit.
    static func signal(_ mapping: YAMLMapping) -> (signal: AlertSignal, condition: ConditionReader.Condition)?
    {
        mapping.refuse(
            "above", "below", "outside", "equals", "clear", why: "stands beside `mean_of`, not in it")
        guard let shape = figure(mapping) else { return nil }
        return signal(mapping, shape.window, nil)
    }

    private static func signal(_ mapping: YAMLMapping, _ window: AlertWindow?, _ special: String?) -> (
        signal: AlertSignal, condition: ConditionReader.Condition
    )? {
        let measurement = mapping.optional("measurement")
        if measurement == nil { mapping.fault("expected `measurement`, `freshness`, `all`, `any` or `per`") }
        let over = mapping.optional("over")
        let unit = mapping.optional("unit")
        guard let measurement, let name = measurement.text() else { return nil }
        if let over {
            if window == nil { over.fault("needs a `window` and a `stat`: of both the same figure is taken") }
            if let special { over.fault("not together with `\(special)`") }
            if over.text() == name { over.fault("a measurement over itself is always 1") }
        }
        let signal = AlertSignal(measurement: name, window: window, divisor: over?.text())
        // The limit is set by who asks.
        var found = ConditionReader.Condition(
            .threshold(AlertThreshold(signal, .atMost(0))),
            measurements: [measurement] + [over].compactMap { $0 })
        if case .statistic(let figure)? = window?.figure, figure.quantile != nil,
            let place = mapping.optional("stat")
        {
            found.quantiles = signal.measurements.map { (place, $0) }
        }
        if let unit { found.units = [(unit, name)] }
        return (signal, found)
    }

    /// `instead`: other limits for some times or regimes.
    private static func variants(_ mapping: YAMLMapping, isPlain: Bool) -> [(
        place: YAMLValue, name: String, limit: AlertLimit
    )] {
        guard let list = mapping.optional("instead") else { return [] }
        if !isPlain { list.fault("only with `above`, `below`, `outside` or `equals`") }
        return (list.list() ?? []).compactMap { value in
            value.mapping { entry in
                let during = entry.required("during")
                let limit = LimitReader.read(entry)
                guard let during, let name = during.text(), let limit else { return nil }
                return (during, name, limit)
            } ?? nil
        }
    }

    private struct Shape {
        /// nil: each reading.
        var window: AlertWindow?
        /// nil if there is a mistake in it.
        var limit: AlertLimit?
    }

    /// A reading, or a figure of a window, against a limit.
    private static func plain(_ mapping: YAMLMapping) -> Shape? {
        mapping.refuse("within", why: "only with `rises_to` or `falls_to`")
        mapping.refuse("weeks", "spread_at_least", why: "only with `deviates`")
        let limit = LimitReader.read(mapping)
        guard var shape = figure(mapping) else { return nil }
        shape.limit = limit
        return shape
    }

    /// A reading, a statistic of a window, or where a period will end.
    private static func figure(_ mapping: YAMLMapping) -> Shape? {
        let length = mapping.optional("window")
        let statistic = mapping.optional("stat")
        if let period = mapping.optional("period") {
            length?.fault("not together with `period`")
            guard let statistic else {
                period.fault("needs a `stat`: `sum`, `last` or `mean`")
                return nil
            }
            guard let length = period.word(AlertPace.Period.self),
                let figure = statistic.word(AlertPace.Figure.self)
            else { return nil }
            return Shape(window: AlertWindow(AlertPace(period: length, figure: figure)))
        }
        let word = statistic?.word(Statistic.self)
        guard let length else {
            statistic?.fault("only together with `window`")
            return statistic == nil ? Shape() : nil
        }
        if statistic == nil { length.fault("needs a `stat`: which figure of the window?") }
        guard let word, let window = window(length, .statistic(word)) else { return nil }
        return Shape(window: window)
    }

    /// How far a window's mean lies from the same hour of past weeks, in spreads.
    private static func deviation(_ key: String, _ value: YAMLValue, _ mapping: YAMLMapping) -> Shape? {
        mapping.refuse(
            "above", "below", "outside", "equals", "within", "period", "over",
            why: "not together with `\(key)`")
        if let statistic = mapping.optional("stat"), statistic.text() != "mean" {
            statistic.fault("expected `mean`: past hours are kept as mean and spread")
        }
        let weeks =
            mapping.optional("weeks").map {
                $0.integer(in: AlertBaseline.fewestWeeks...AlertBaseline.mostWeeks)
            } ?? 4
        let spread = mapping.required("spread_at_least")?.number()
        if let spread, spread <= 0 { mapping.optional("spread_at_least")?.fault("expected more than 0") }
        let spreads = value.number(in: 0.5...100)
        let clear = mapping.optional("clear").map { $0.number() } ?? spreads
        if let clear, let spreads, clear > spreads {
            mapping.optional("clear")?.fault("must not lie above the limit \(AlertText.number(spreads))")
        }
        let length = mapping.required("window")
        guard let weeks, let spread, let spreads, let clear, let length else { return nil }
        let direction: AlertBaseline.Direction =
            key == "deviates" ? .either : key == "deviates_above" ? .above : .below
        let baseline = AlertBaseline(weeks: weeks, direction: direction, leastSpread: spread)
        guard let window = window(length, .deviation(baseline)) else { return nil }
        if window.length > Span.hour { length.fault("expected up to `1h`: it is compared with an hour") }
        return Shape(window: window, limit: .above(spreads, clear: clear))
    }

    /// A line that does not move, or one that is on its way to a level.
    private static func trend(_ key: String, _ value: YAMLValue, _ mapping: YAMLMapping) -> Shape? {
        mapping.refuse(
            "stat", "above", "below", "outside", "equals", "period", "weeks", "spread_at_least",
            why: "not together with `\(key)`")
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
}
