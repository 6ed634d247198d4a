import Telemetry

/// Reads `simulate`.
enum SimulationReader {
    static func read(_ value: YAMLValue) -> Simulation? { value.mapping(read) }

    private static func read(_ mapping: YAMLMapping) -> Simulation {
        var simulation = Simulation()
        simulation.base = mapping.required("base")?.number() ?? 0
        simulation.swing = mapping.optional("swing")?.number() ?? 0
        simulation.peakMinutes = mapping.optional("peaks")?.list()?.compactMap { $0.minuteOfDay() } ?? []
        if let width = mapping.optional("width")?.span(atLeast: Span.minute) {
            simulation.peakWidthMinutes = Double(width) / Double(Span.minute)
        }
        simulation.openMinutes = mapping.optional("open")?.openMinutes()
        simulation.closedValue = mapping.optional("closed")?.number() ?? 0
        simulation.days = mapping.optional("days")?.word(Simulation.Days.self) ?? .all
        simulation.noise = mapping.optional("noise")?.number(in: 0...1) ?? 0
        simulation.wanders = mapping.optional("walk")?.boolean() ?? false
        simulation.surge = mapping.optional("surge")?.mapping(surge) ?? nil
        let fault = mapping.optional("fault")
        simulation.faultProbability = fault?.number(in: 0...1) ?? 0
        simulation.faultValue = mapping.optional("fault_value")?.number()
        simulation.isWhole = mapping.optional("whole")?.boolean() ?? false
        simulation.holds = mapping.optional("words")?.boolean() ?? false
        if let fault, simulation.faultProbability > 0, simulation.faultValue == nil, !simulation.holds {
            fault.fault("needs a `fault_value`")
        }
        return simulation
    }

    private static func surge(_ mapping: YAMLMapping) -> Simulation.Surge? {
        let every = mapping.required("every")?.span(atLeast: Span.minute)
        let lasts = mapping.required("lasts")?.span(atLeast: Span.minute)
        let height = mapping.required("height")?.number()
        guard let every, let lasts, let height else { return nil }
        if lasts > every { mapping.fault("`lasts` is longer than `every`") }
        return Simulation.Surge(every: every, lasts: lasts, height: height)
    }
}

extension YAMLValue {
    /// `07:30-17:00`.
    fileprivate func openMinutes() -> Range<Int>? {
        guard let text = verbatim() else { return nil }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let open = LocalText.minuteOfDay(parts[0]),
            let close = LocalText.minuteOfDay(parts[1]),
            open < close
        else { return expected("opening hours within one day like \"07:30-17:00\"") }
        return open..<close
    }
}
