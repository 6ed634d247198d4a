import Telemetry

extension CatalogLoader {
    func readAlerts(_ path: String) {
        let folder = Folder(path: path)
        let names = folder.yamlNames(log)
        var lines = Dictionary(
            uniqueKeysWithValues: SelfMonitoring.rules.map { ($0.name, SelfMonitoring.place) })
        let registry = Registry(profiles: profiles, devices: devices)
        for name in names where !name.hasSuffix(".test") {
            let file = SourceFile(path: "\(path)/\(name).yaml", log: log)
            if domains[name] == nil {
                let hint = Spelling.hint(name, domains.keys.sorted())
                file.fault("there is no domain `\(name)`: the file is named as the folder in devices/\(hint)")
                continue
            }
            guard let root = YAMLFile.read(file.path, log) else { continue }
            for entry in RuleFile(domain: name).read(root) {
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
        checkMeasurements(entry)
        guard log.faults.count == before else { return }
        var rule = entry.rule
        rule.isEnabled = true
        if !registry.devices.indices.contains(where: { rule.fits(slot: $0, of: registry) }) {
            entry.name.fault("\"\(rule.name)\" can never fire: it fits no device of the fleet")
        }
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
        for threshold in entry.rule.thresholds where threshold.signal.isOfMeasuredValues {
            let name = threshold.signal.measurement
            let kinds = measurements.filter { $0.name == name }
            // Windows of a counter are of its increases.
            guard !kinds.isEmpty, kinds.allSatisfy({ $0.kind != .counter }) else { continue }
            let isPossible = kinds.contains { $0.valid.map(threshold.limit.canHold) ?? true }
            if !isPossible {
                entry.name.fault(
                    "\"\(entry.rule.name)\" can never fire: no valid `\(name)` is beyond its limit (`valid` in the profile)"
                )
            }
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
        guard let slot else { return }
        let known = registry.profile(ofSlot: slot).measurements.map(\.name)
        for key in entry.series {
            guard let name = key.text(), !known.contains(name) else { continue }
            key.fault(
                "`\(registry.devices[slot].key)` does not measure `\(name)`\(Spelling.hint(name, known))")
        }
    }
}
