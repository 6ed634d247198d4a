import Catalog
import Store
import Telemetry

/// Finds out why a rule fired on a device, or why it does not, from the database and the rules.
struct AlertExplainer {
    let reader: StoreReader
    let catalog: Catalog

    /// - Parameters:
    ///   - subject: the id of an alert, or a rule.
    ///   - device: with a rule.
    func explain(_ subject: String, _ device: String?, _ rendering: Rendering) throws -> (
        AlertExplanation, AlertRule
    ) {
        let (name, key) = try resolve(subject, device, rendering.language)
        guard let rule = catalog.rules.first(where: { $0.name == name }) else {
            let closest = ClosestNames.find(name, among: catalog.rules.map(\.name))
            throw CommandError(
                rendering.language(
                    vi: "luật \(name): không có; gần nhất: \(closest.joined(separator: ", "))",
                    en:
                        "rule \(name): there is no such rule; the closest are \(closest.joined(separator: ", "))"
                ))
        }
        guard let found = try explanation(rule, key, rendering.now) else {
            let hint = Spelling.suggestion(key, catalog.devices.map(\.key))
            throw CommandError(
                rendering.language(
                    vi: "luật \(name) không áp dụng cho \(key)\(hint.vi)",
                    en: "rule \(name) does not fit \(key)\(hint.en)"))
        }
        return (found, rule)
    }

    /// Rule and device.
    private func resolve(_ subject: String, _ device: String?, _ language: Language) throws -> (
        rule: String, device: String
    ) {
        if let device { return (subject, device) }
        guard let id = Int64(subject), let alert = try reader.alert(id: id) else {
            throw CommandError(
                language(
                    vi: "\(subject): không phải số của cảnh báo nào; nêu luật và thiết bị",
                    en: "\(subject): is the id of no alert; name a rule and a device"))
        }
        return (alert.rule, alert.device)
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
        let registry = Registry(profiles: catalog.profiles, devices: catalog.devices, wards: catalog.wards)
        let found = AlertScope.groups(of: rule, group, registry).first { $0.scope.key == scope }
        return Set((found?.slots ?? []).map { registry.devices[$0].key })
    }
}
