import Telemetry

/// Reads `config/receivers.yaml`.
struct ReceiverFile {
    /// A receiver with the places that later checks name.
    struct Entry {
        var receiver: Receiver
        var name: YAMLValue
        var units: [YAMLValue]
        var domains: [YAMLValue]
        var wards: [YAMLValue]
    }

    func read(_ root: YAMLValue) -> [Entry] {
        let receivers = root.mapping { $0.required("receivers")?.list() ?? [] } ?? []
        return receivers.compactMap { $0.mapping(receiver) ?? nil }
    }

    private func receiver(_ mapping: YAMLMapping) -> Entry? {
        let nameValue = mapping.required("name")
        let name = nameValue?.text()
        if let name, !Identifier.isFileName(name) {
            nameValue?.fault("expected small letters, digits and hyphens, found \"\(name)\"")
        }
        let units = mapping.optional("units")?.narrowing() ?? []
        let domains = mapping.optional("domains")?.narrowing() ?? []
        let wards = mapping.optional("wards")?.narrowing() ?? []
        let way = DeliveryWayReader.read(mapping)
        var receiver = Receiver(name: name ?? "", way: way ?? .command([]))
        receiver.units = Self.words(units)
        receiver.domains = Self.words(domains)
        receiver.wards = Self.words(wards)
        if let priority = mapping.optional("priority")?.word(AlertPriority.self) {
            receiver.leastPriority = priority
        }
        if let value = mapping.optional("on"), let words = value.narrowing() {
            receiver.occasions = Set(words.compactMap { $0.word(NotificationOccasion.self) })
        }
        if let language = mapping.optional("language")?.word(Receiver.Language.self) {
            receiver.language = language
        }
        readPatience(mapping, &receiver)
        guard let nameValue, name != nil, way != nil else { return nil }
        return Entry(receiver: receiver, name: nameValue, units: units, domains: domains, wards: wards)
    }

    private func readPatience(_ mapping: YAMLMapping, _ receiver: inout Receiver) {
        if let quiet = mapping.optional("quiet") {
            receiver.quiet = QuietHours((quiet.list() ?? []).compactMap { $0.mapping(Self.period) ?? nil })
            if receiver.quiet.isEndless { quiet.fault("is quiet at all times: nobody would ever be told") }
        }
        let except = mapping.optional("quiet_except")
        if let priority = except?.word(AlertPriority.self) { receiver.quietExcept = priority }
        if receiver.quiet.periods.isEmpty { except?.fault("only together with `quiet`") }
        if let limit = mapping.optional("limit"), let text = limit.text() {
            receiver.limit = NotificationLimit(text)
            if receiver.limit == nil {
                limit.fault(
                    "expected a count and a span like `20/1h`, up to 10000 and from `1m` to `1d`, found \"\(text)\""
                )
            }
        }
    }

    private static func words(_ values: [YAMLValue]) -> Set<String>? {
        values.isEmpty ? nil : Set(values.compactMap { $0.text() })
    }

    private static func period(_ mapping: YAMLMapping) -> QuietHours.Period? {
        let days = mapping.optional("days")?.list()?.compactMap { $0.weekdays() }
        let from = mapping.required("from")
        let start = from?.minuteOfDay()
        let end = mapping.required("to")?.minuteOfDay()
        guard let start, let end else { return nil }
        if start == 24 * 60 { from?.fault("expected a time before \"24:00\"") }
        if start == end {
            mapping.fault("`from` and `to` are the same: a whole day is from \"00:00\" to \"24:00\"")
            return nil
        }
        return QuietHours.Period(
            days: days.map { Set($0.flatMap(\.self)) } ?? Set(1...7), start: start, end: end)
    }
}
