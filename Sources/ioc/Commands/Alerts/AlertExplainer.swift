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
            throw CommandError(
                rendering.language(
                    vi: "luật \(name) không áp dụng cho \(key)", en: "rule \(name) does not fit \(key)"))
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
        let devices = catalog.devices.filter { $0.key == key }
        let registry = try reader.registry(profiles: catalog.profiles, devices: devices)
        guard let id = registry.deviceIDs.first else { return nil }
        let lead = max(RuleReplay.lead([rule]), 3 * devices[0].cadence, Span.hour)
        let seen = try reader.devices().first { $0.device == key }?.lastSeenMs
        // Around the device's last message: it may have been quiet since.
        let start = min(seen ?? now, now) - lead
        let end = min((seen ?? now) + lead, now)
        var replay = RuleReplay(
            rules: [rule], registry: registry, times: catalog.times, grace: catalog.settings.intake.grace,
            from: start)
        try reader.forEachCommit(in: start..<max(end, start)) { messages, readings, at in
            _ = replay.take(messages.filter { $0.device == id }, readings, at: at)
        }
        if let seen { replay.heard(id, at: seen) }
        let kept = try reader.alertInstance(rule: rule.name, scope: key)
        replay.settle(kept ?? AlertInstanceState(rule: rule.name, scope: key, machine: .init(), value: nil))
        return replay.explanation(rule: rule.name, scope: key, at: now)
    }
}
