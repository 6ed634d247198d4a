import Telemetry

/// What an operator does in a rule test: `acknowledge`, `reset` and `unshelve` are times, `shelve` and `out_of_service` last.
enum RuleTestActs {
    static func read(_ mapping: YAMLMapping) -> [RuleTest.Act] {
        let words: [(key: String, kind: RuleTest.Act.Kind)] = [
            ("acknowledge", .acknowledge), ("reset", .reset), ("unshelve", .unshelve),
        ]
        let moments = words.flatMap { key, kind in
            (mapping.optional(key)?.list() ?? []).compactMap { $0.span() }.map { RuleTest.Act(at: $0, kind) }
        }
        let shelves = mapping.optional("shelve")?.list()?.compactMap { $0.mapping(shelf) ?? nil } ?? []
        let services = mapping.optional("out_of_service")?.list()?.compactMap { $0.mapping(service) ?? nil }
        return moments + shelves + (services ?? []).flatMap(\.self)
    }

    /// `{at: 5m, for: 30m}`, with `once: true` until the condition goes, if that is sooner.
    private static func shelf(_ mapping: YAMLMapping) -> RuleTest.Act? {
        let at = mapping.required("at")?.span()
        let lengthValue = mapping.required("for")
        let length = lengthValue?.span(atLeast: Span.minute)
        let isOneShot = mapping.optional("once")?.boolean() ?? false
        guard let at, let length else { return nil }
        if length > AlertShelf.longest { lengthValue?.fault("nothing is shelved for longer than 12h") }
        return RuleTest.Act(at: at, .shelve(length: length, isOneShot: isOneShot))
    }

    /// `{at: 5m, for: 30m}`; without `for` to the end of the test.
    private static func service(_ mapping: YAMLMapping) -> [RuleTest.Act]? {
        let length = mapping.optional("for")
        guard let at = mapping.required("at")?.span() else { return nil }
        let begin = RuleTest.Act(at: at, .takeOutOfService)
        guard let length else { return [begin] }
        guard let span = length.span(atLeast: Span.second) else { return nil }
        return [begin, RuleTest.Act(at: at + span, .putIntoService)]
    }
}
