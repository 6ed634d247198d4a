import Telemetry

/// Reads `config/alerts/<domain>.yaml`.
struct RuleFile {
    let domain: String
    /// Calendars and regimes that there are.
    let times: AlertTimes

    /// A rule with the places that later checks name.
    struct Entry {
        var rule: AlertRule
        var name: YAMLValue
        /// What its condition looks at, with its places.
        var when: ConditionReader.Condition
        var profiles: [YAMLValue]
        var devices: [YAMLValue]
        var tags: [YAMLValue]
    }

    func read(_ root: YAMLValue) -> [Entry] {
        let groups = root.mapping { $0.required("groups")?.list() ?? [] } ?? []
        return groups.flatMap { group in
            group.mapping { mapping in
                let name = mapping.required("name")?.text() ?? ""
                let rules = mapping.required("rules")?.list() ?? []
                return rules.compactMap { rule in rule.mapping { self.rule($0, group: name) } ?? nil }
            } ?? []
        }
    }

    private func rule(_ mapping: YAMLMapping, group: String) -> Entry? {
        let nameValue = mapping.required("alert")
        let name = nameValue?.text()
        if let name, !Identifier.isRule(name) {
            nameValue?.fault("expected a capital letter and then letters and digits, found \"\(name)\"")
        }
        let title = mapping.required("title")?.title()
        let when = mapping.required("when")?.mapping(ConditionReader.read) ?? nil
        let conduct = conduct(mapping)
        let priority = mapping.required("priority")?.word(AlertPriority.self)
        let lead = mapping.required("lead")?.text()
        let copies = mapping.optional("copies")?.texts() ?? []
        let action = mapping.required("action")?.title()
        let summary = mapping.required("summary")?.summary()
        let profiles = mapping.optional("profiles")?.narrowing() ?? []
        let devices = mapping.optional("devices")?.narrowing() ?? []
        let tags = mapping.optional("tags")?.narrowing() ?? []
        let during = mapping.optional("during")?.narrowing() ?? []
        let notDuring = mapping.optional("not_during")?.narrowing() ?? []
        let isEnabled = mapping.optional("enabled")?.boolean() ?? true
        guard let nameValue, let name, let title, let when, let priority, let lead, let action, let summary
        else {
            return nil
        }
        var rule = AlertRule(
            name: name, domain: domain, group: group, title: title, condition: when.condition,
            priority: priority, lead: lead, copies: copies, action: action, summary: summary,
            profiles: profiles.compactMap { $0.text() }, devices: devices.compactMap { $0.text() },
            tags: tags.compactMap { $0.text() }, during: during.compactMap { $0.text() },
            notDuring: notDuring.compactMap { $0.text() }, isEnabled: isEnabled, place: mapping.place)
        rule.conduct = conduct
        rule.source = mapping.text
        for value in during + notDuring + when.times {
            guard let text = value.text(), !times.names.contains(text) else { continue }
            value.fault(
                "there is no calendar or regime `\(text)` in calendars.yaml\(Spelling.hint(text, times.names))"
            )
        }
        return Entry(
            rule: rule, name: nameValue, when: when, profiles: profiles, devices: devices, tags: tags)
    }

    private func conduct(_ mapping: YAMLMapping) -> AlertConduct {
        var conduct = AlertConduct()
        conduct.onDelay = mapping.optional("for")?.span() ?? 0
        conduct.offDelay = mapping.optional("keep_firing_for")?.span() ?? 0
        conduct.latches = mapping.optional("latch")?.boolean() ?? false
        conduct.acknowledgementAge = mapping.optional("acknowledged_for")?.span(atLeast: Span.minute)
        var last: Milliseconds = 0
        for value in mapping.optional("escalate")?.list() ?? [] {
            _ = value.mapping { step in
                let after = step.required("after")?.span(atLeast: Span.minute)
                let unit = step.required("to")?.text()
                guard let after, let unit else { return }
                if after <= last { value.fault("`after` must be longer than that of the step before") }
                last = after
                conduct.escalations.append(AlertConduct.Escalation(after: after, unit: unit))
            }
        }
        return conduct
    }
}

extension YAMLValue {
    /// A title whose placeholders are known.
    fileprivate func summary() -> Title? {
        guard let title = title() else { return nil }
        for text in [title.vi, title.en] {
            for name in AlertText.unknownPlaceholders(in: text) {
                fault("unknown placeholder `{\(name)}`\(Spelling.hint(name, AlertText.placeholders))")
            }
        }
        return title
    }
}
