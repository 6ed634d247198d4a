import Telemetry

extension CatalogLoader {
    func readAlerts(_ path: String) {
        let folder = Folder(path: path)
        let names = folder.yamlNames(log)
        var lines = Dictionary(
            uniqueKeysWithValues: SelfMonitoring.rules.map { ($0.name, SelfMonitoring.place) })
        let registry = Registry(profiles: profiles, devices: devices, wards: wards)
        for name in names where !name.hasSuffix(".test") {
            let file = SourceFile(path: "\(path)/\(name).yaml", log: log)
            if domains[name] == nil {
                let hint = Spelling.hint(name, domains.keys.sorted())
                file.fault("there is no domain `\(name)`: the file is named as the folder in devices/\(hint)")
                continue
            }
            guard let root = YAMLFile.read(file.path, log) else { continue }
            for entry in RuleFile(domain: name, times: times).read(root) {
                if let place = lines.updateValue("\(file.path):\(entry.name.line)", forKey: entry.rule.name) {
                    entry.name.fault("\"\(entry.rule.name)\" is a rule at \(place) already")
                }
                check(entry, registry)
                rules.append(entry.rule)
            }
        }
        readTests(names.filter { $0.hasSuffix(".test") }, in: folder, registry)
    }

    // MARK: Rules

    /// Checks what a rule refers to. Where the domain itself is faulty there is nothing to rely on.
    private func check(_ entry: RuleFile.Entry, _ registry: Registry) {
        guard let domain = domains[entry.rule.domain], !domain.isFaulty else { return }
        let before = log.faults.count
        for value in entry.profiles {
            guard let name = value.text(), !domain.profileNames.contains(name) else { continue }
            let hint = Spelling.hint(name, domain.profileNames.sorted())
            value.fault("there is no profile `\(name)` in \(entry.rule.domain)\(hint)")
        }
        for value in entry.devices {
            guard let key = value.text() else { continue }
            guard let slot = registry.slot(ofKey: key), registry.devices[slot].domain == entry.rule.domain
            else {
                let keys = devices.filter { $0.domain == entry.rule.domain }.map(\.key)
                value.fault("there is no device `\(key)` in \(entry.rule.domain)\(Spelling.hint(key, keys))")
                continue
            }
        }
        let tags = Set(devices.filter { $0.domain == entry.rule.domain }.flatMap(\.tags))
        for value in entry.tags {
            guard let tag = value.text(), !tags.contains(tag) else { continue }
            value.fault(
                "no device of \(entry.rule.domain) has the tag `\(tag)`\(Spelling.hint(tag, tags.sorted()))")
        }
        checkMeasurements(entry)
        guard log.faults.count == before else { return }
        var rule = entry.rule
        rule.isEnabled = true
        if !registry.devices.indices.contains(where: { rule.fits(slot: $0, of: registry) }) {
            entry.name.fault("\"\(rule.name)\" can never fire: it fits no device of the fleet")
        } else if let group = rule.condition.group {
            checkGroups(entry, group, AlertScope.groups(of: rule, group, registry).map(\.slots.count))
        }
    }

    private func checkGroups(_ entry: RuleFile.Entry, _ group: AlertGroup, _ sizes: [Int]) {
        let division = group.division.rawValue
        guard let largest = sizes.max() else {
            let devices = group.fewest == 1 ? "a device" : "\(group.fewest) devices"
            entry.name.fault(
                "\"\(entry.rule.name)\" can never fire: no \(division) has \(devices) that it fits")
            return
        }
        guard case .count = group.figure, !group.limit.canHold(within: 0...Double(largest)) else { return }
        entry.name.fault(
            "\"\(entry.rule.name)\" can never fire: no \(division) has more than \(largest) of the devices that it fits"
        )
    }

    private func checkMeasurements(_ entry: RuleFile.Entry) {
        let fitting = profiles.filter { profile in
            profile.domain == entry.rule.domain
                && (entry.rule.profiles.isEmpty || entry.rule.profiles.contains(profile.name))
        }
        guard !fitting.isEmpty else { return }
        let measurements = fitting.flatMap(\.measurements)
        let known = Set(measurements.map(\.name))
        for value in entry.when.measurements {
            guard let name = value.text(), !known.contains(name) else { continue }
            value.fault("no profile of the rule measures `\(name)`\(Spelling.hint(name, known.sorted()))")
        }
        // A mean of members has its limit with the group.
        for threshold in entry.rule.thresholds where threshold.signal.isOfMeasuredValues {
            let name = threshold.signal.measurement
            let kinds = measurements.filter { $0.name == name }
            // Windows of a counter are of its increases.
            guard !kinds.isEmpty, kinds.allSatisfy({ $0.kind != .counter }) else { continue }
            let limits = [threshold.limit] + threshold.variants.map(\.limit)
            let isPossible = kinds.contains { kind in
                limits.contains { limit in kind.valid.map(limit.canHold) ?? true }
            }
            if !isPossible {
                entry.name.fault(
                    "\"\(entry.rule.name)\" can never fire: no valid `\(name)` is beyond its limit (`valid` in the profile)"
                )
            }
        }
        for value in entry.when.noCounters {
            guard measurements.contains(where: { $0.name == value.text() && $0.kind == .counter }) else {
                continue
            }
            value.fault("is a counter, of which no usual level is kept: measure it as `kind: delta`")
        }
        for (place, name) in entry.when.units {
            guard let unit = place.unit(), let own = measurements.first(where: { $0.name == name })?.unit,
                unit.code != own
            else { continue }
            place.fault("`\(name)` is in `\(own)`: write the limits in that unit")
        }
        for (place, name) in entry.when.quantiles where known.contains(name) {
            let keeps = measurements.contains { $0.name == name && $0.keepsQuantiles }
            if !keeps {
                place.fault("`\(name)` keeps no quantiles: give it `quantiles: true` in its profile")
            }
        }
    }

    // MARK: Tests

    private func readTests(_ names: [String], in folder: Folder, _ registry: Registry) {
        // A rule may be missing because its file has mistakes: then tests cannot be judged.
        let areRulesKnown = log.faults.isEmpty
        for name in names {
            guard let root = YAMLFile.read("\(folder.path)/\(name).yaml", log) else { continue }
            for entry in RuleTestFile(zone: zone).read(root) {
                if areRulesKnown { check(entry, registry) }
                ruleTests.append(entry.test)
            }
        }
    }

    private func check(_ entry: RuleTestFile.Entry, _ registry: Registry) {
        guard var rule = rules.first(where: { $0.name == entry.test.rule }) else {
            let hint = Spelling.hint(entry.test.rule, rules.map(\.name))
            entry.rule.fault("there is no rule `\(entry.test.rule)`\(hint)")
            return
        }
        rule.isEnabled = true
        var slot = registry.devices.indices.first { rule.fits(slot: $0, of: registry) }
        if let value = entry.device, let key = entry.test.device {
            slot = registry.slot(ofKey: key)
            guard let slot else {
                value.fault("there is no device `\(key)`\(Spelling.hint(key, devices.map(\.key)))")
                return
            }
            guard rule.fits(slot: slot, of: registry) else {
                value.fault("`\(rule.name)` does not fit `\(key)`")
                return
            }
        }
        for change in entry.test.regimes where !times.regimes.contains(where: { $0.name == change.regime }) {
            let hint = Spelling.hint(change.regime, times.regimes.map(\.name))
            entry.regimes?.fault("there is no regime `\(change.regime)` in calendars.yaml\(hint)")
        }
        if let group = rule.condition.group { return check(entry, rule, group, registry) }
        entry.group?.fault("`\(rule.name)` is about single devices: name a `device`")
        guard let slot else { return }
        if let value = entry.gateway, registry.devices[slot].gateway == nil {
            value.fault("`\(registry.devices[slot].key)` has no gateway in its fleet")
        }
        checkSeries(entry, [slot], of: registry.devices[slot].key, registry)
    }

    /// Of a rule on groups.
    private func check(
        _ entry: RuleTestFile.Entry, _ rule: AlertRule, _ group: AlertGroup, _ registry: Registry
    ) {
        let groups = AlertScope.groups(of: rule, group, registry)
        let found = groups.first { entry.test.group == nil || $0.scope.key == entry.test.group }
        guard let found else {
            let keys = groups.map(\.scope.key)
            let hint = Spelling.hint(entry.test.group ?? "", keys)
            let example = hint.isEmpty ? keys.first.map { "; there is `\($0)`" } ?? "" : hint
            (entry.group ?? entry.rule).fault(
                "`\(rule.name)` has no group `\(entry.test.group ?? "")`\(example)")
            return
        }
        entry.device?.fault("`\(rule.name)` is about groups: name a `group`")
        entry.gateway?.fault("`\(rule.name)` is about groups, which no gateway suppresses")
        checkSeries(entry, found.slots, of: found.scope.key, registry)
    }

    /// Each series is of the device it names, or of at least one of those in `slots`, which may have many profiles.
    private func checkSeries(
        _ entry: RuleTestFile.Entry, _ slots: [Int], of name: String, _ registry: Registry
    ) {
        let keys = slots.map { registry.devices[$0].key }
        for (key, series) in zip(entry.series, entry.test.series) {
            let asked = slots.filter { series.device == nil || registry.devices[$0].key == series.device }
            if asked.isEmpty, let device = series.device {
                key.fault("`\(device)` is no part of a test on `\(name)`\(Spelling.hint(device, keys))")
                continue
            }
            let known = asked.flatMap { registry.profile(ofSlot: $0).measurements.map(\.name) }
            if known.contains(series.measurement) { continue }
            key.fault(
                "`\(series.device ?? name)` does not measure `\(series.measurement)`\(Spelling.hint(series.measurement, known))"
            )
        }
    }
}
