import ArgumentParser
import Store
import Telemetry

struct AlertsListCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Alerts in the order of a control room; reads the database.",
        discussion: """
            Unacknowledged ones first, then those that returned to normal unseen, then the acknowledged; by priority, the
            newest first. Works without the service.

              ioc alerts list --ward phu-hoi
              ioc alerts list --all --json | jq '.alerts[].rule'
            """)

    @OptionGroup var data: DataOptions
    @OptionGroup var filter: AlertFilterOptions
    @OptionGroup var language: LanguageOptions
    @Flag(help: "Closed ones too.") var all = false
    @Flag(help: "Those that are shelved, suppressed or out of service, instead of the open ones.")
    var hidden = false
    @Flag(help: "Those that chattered in the last day: the newest of each rule and device.") var chattering =
        false
    @Flag(help: "Those that have stood for more than a day.") var stale = false
    @Option(help: "At most this many.") var limit = RowLimit(1_000)
    @Flag(help: "JSON, as /api/v1/alerts gives it.") var json = false

    private struct Answer: Encodable {
        var alerts: [AlertAnswer]
        var truncated: Bool
    }

    func validate() throws {
        guard [all, hidden, chattering, stale].count(where: \.self) <= 1 else {
            throw UsageFault.of(
                vi: "chỉ dùng một trong --all, --hidden, --chattering và --stale",
                en: "name one of --all, --hidden, --chattering and --stale")
        }
    }

    private func found(_ reader: StoreReader, _ now: Milliseconds) throws -> [AlertAnswer] {
        try reader.check(domain: filter.domain, ward: filter.ward)
        guard chattering || stale else {
            return try reader.alerts(
                isOpen: !all, states: hidden ? AlertState.allCases.filter(\.isHidden).map(\.rawValue) : [],
                domain: filter.domain, ward: filter.ward,
                priority: filter.priority?.rawValue, limit: limit.count + 1)
        }
        let found =
            chattering
            ? try reader.chatteringAlerts(
                in: now - Span.day..<now, domain: filter.domain, ward: filter.ward)
            : try reader.staleAlerts(before: now - Span.day, domain: filter.domain, ward: filter.ward)
        let priority = filter.priority?.rawValue
        return Array(found.filter { (priority ?? $0.priority) == $0.priority }.prefix(limit.count + 1))
    }

    func text(_ reader: StoreReader, _ rendering: Rendering) throws -> String {
        let found = try found(reader, rendering.now)
        let alerts = Array(found.prefix(limit.count))
        let isTruncated = found.count > limit.count
        if json { return try JSONText.document(Answer(alerts: alerts, truncated: isTruncated)) }
        guard !alerts.isEmpty else {
            return rendering.language(vi: "Không có cảnh báo nào.\n", en: "No alerts.\n")
        }
        let table = AlertTable.table(alerts, rendering)
        return rendering.text(table) + (isTruncated ? limit.notice(rendering.language) : "")
    }
}
