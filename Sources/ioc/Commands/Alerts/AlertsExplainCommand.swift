import ArgumentParser
import Catalog
import Store
import Telemetry

struct AlertsExplainCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Why a rule fired on a device, or why it does not; reads the database and the rules.",
        discussion: """
            Says what the rule looked at, what it compared with, which delay runs, and what keeps the alert where it is. Works
            for a rule that is silent, too.

              ioc alerts explain 17
              ioc alerts explain MyRule device-1
            """)

    @Argument(help: "The alert's id, or a rule.") var subject: String
    @Argument(help: "The device, with a rule.") var device: String?
    @OptionGroup var data: DataOptions
    @OptionGroup var catalog: CatalogOptions
    @OptionGroup var language: LanguageOptions
    @Flag(help: "One JSON object.") var json = false

    func text(_ reader: StoreReader, _ rendering: Rendering) throws -> String {
        let (name, key) = try subject(reader, rendering.language)
        let catalog = try catalog.load().selfMonitored()
        guard let rule = catalog.rules.first(where: { $0.name == name }) else {
            let closest = ClosestNames.find(name, among: catalog.rules.map(\.name))
            throw CommandError(
                rendering.language(
                    vi: "luật \(name): không có; gần nhất: \(closest.joined(separator: ", "))",
                    en:
                        "rule \(name): there is no such rule; the closest are \(closest.joined(separator: ", "))"
                ))
        }
        guard let found = try explanation(rule, key, reader, catalog, rendering.now) else {
            throw CommandError(
                rendering.language(
                    vi: "luật \(name) không áp dụng cho \(key)", en: "rule \(name) does not fit \(key)"))
        }
        if json { return try JSONText.document(found) }
        return AlertExplanationText(found, rule, rendering).text
    }

    /// Rule and device.
    private func subject(_ reader: StoreReader, _ language: Language) throws -> (rule: String, device: String)
    {
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
        _ rule: AlertRule, _ key: String, _ reader: StoreReader, _ catalog: Catalog, _ now: Milliseconds
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
