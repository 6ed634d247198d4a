import Catalog
import Console
import Store
import Telemetry

/// Finds out why a rule fired on a device, or why it does not, from the database and the rules.
struct AlertExplainer {
    let reader: StoreReader
    let catalog: Catalog

    /// - Parameters:
    ///   - subject: the id of an alert, or a rule.
    ///   - device: with a rule.
    /// - Throws: an `OperatorFault` if there is none of them.
    func explain(_ subject: String, _ device: String?, _ rendering: Rendering) throws -> (
        AlertExplanation, AlertRule
    ) {
        let (name, key) = try resolve(subject, device)
        guard let rule = catalog.rules.first(where: { $0.name == name }),
            let found = try explanation(rule, key, rendering.now)
        else { throw names.unknown(rule: name, on: key) }
        return (found, rule)
    }

    /// Rule and device.
    private func resolve(_ subject: String, _ device: String?) throws -> (rule: String, device: String) {
        if let device { return (subject, device) }
        if let id = Int64(subject) {
            let alert = try reader.knownAlert(id: id)
            return (alert.rule, alert.device)
        }
        guard let scopes = names.scopes(subject) else { throw names.unknown(rule: subject) }
        throw MissingScope(rule: subject, example: scopes.first)
    }

    private var names: KnownNames { KnownNames(regimes: [], rules: catalog.rules, registry: registry) }

    private var registry: Registry {
        Registry(profiles: catalog.profiles, devices: catalog.devices, wards: catalog.wards)
    }

    /// The stored history of the rule's windows, judged anew, and then what the service keeps of it.
    private func explanation(
        _ rule: AlertRule, _ key: String, _ now: Milliseconds
    ) throws -> AlertExplanation? {
        let keys = members(of: key, rule)
        let devices = catalog.devices.filter { keys.contains($0.key) }
        let registry = try reader.registry(
            profiles: catalog.profiles, devices: devices, wards: catalog.wards)
        guard !devices.isEmpty else { return nil }
        let lead = max(RuleReplay.lead([rule]), 3 * devices.map(\.cadence).max()!, Span.hour)
        let seen = try reader.devices().filter { keys.contains($0.device) }
        // Around the devices' last messages: they may have been quiet since.
        let times = seen.compactMap(\.lastSeenMs)
        var stored = try StoredReplay(
            [rule], on: registry, catalog, reader, knowing: min(times.min() ?? now, now) - lead)
        try stored.run(
            through: min((times.max() ?? now) + lead, now), devices: Set(registry.deviceIDs))
        for device in seen {
            guard let time = device.lastSeenMs, let slot = registry.slot(ofKey: device.device) else {
                continue
            }
            stored.heard(registry.deviceIDs[slot], at: time)
        }
        let kept = try reader.alertInstance(rule: rule.name, scope: key)
        stored.settle(kept ?? AlertInstanceState(rule: rule.name, scope: key, machine: .init(), value: nil))
        return stored.replay.explanation(rule: rule.name, scope: key, at: now)
    }

    /// Keys of the devices that a scope is about: itself, or those of a group.
    private func members(of scope: String, _ rule: AlertRule) -> Set<String> {
        guard let group = rule.condition.group else { return [scope] }
        let registry = registry
        let found = AlertScope.groups(of: rule, group, registry).first { $0.scope.key == scope }
        return Set((found?.slots ?? []).map { registry.devices[$0].key })
    }
}

/// A rule is to be explained, and nobody knows of what.
private struct MissingScope: OperatorFault {
    let rule: String
    let example: String?

    var sentence: Title {
        let command = "`ioc alerts explain \(rule) \(example ?? "…")`"
        return Title(
            vi: "luật \(rule): ở thiết bị hay nhóm nào? Chẳng hạn \(command)",
            en: "rule \(rule): on which device or group? For example \(command)")
    }
}
