import ArgumentParser
import Store
import Telemetry

struct AlertsHistoryCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "All changes of an alert; reads the database.",
        discussion: """
            Works without the service.

              ioc alerts history 17
            """)

    @Argument(help: "The alert's id, as `ioc alerts list --all` shows it.") var id: Int64
    @OptionGroup var data: DataOptions
    @OptionGroup var language: LanguageOptions
    @Flag(help: "JSON, as /api/v1/alerts/ID gives it.") var json = false

    private struct Answer: Encodable {
        var alert: AlertAnswer
        var history: [AlertEventAnswer]
    }

    func text(_ reader: StoreReader, _ rendering: Rendering) throws -> String {
        guard let alert = try reader.alert(id: id) else {
            throw CommandError(
                rendering.language(
                    vi: "cảnh báo \(id): không có; `ioc alerts list --all` liệt kê tất cả",
                    en: "alert \(id): there is no such alert; `ioc alerts list --all` lists them"))
        }
        let history = try reader.history(ofAlert: id)
        if json { return try JSONText.document(Answer(alert: alert, history: history)) }
        return heading(alert, rendering) + rendering.text(table(history, rendering))
    }

    private func heading(_ alert: AlertAnswer, _ rendering: Rendering) -> String {
        let language = rendering.language
        var line = StyledLine("#\(alert.id) \(alert.rule)  \(alert.device)  ", .bold)
        line.append(
            AlertPriority.spoken(alert.priority, language),
            AlertPriority(rawValue: alert.priority).map(Style.of) ?? .plain)
        line.append("  " + AlertState.spoken(alert.state, language))
        let summary = StyledLine(Title(vi: alert.summaryVi, en: alert.summaryEn)[language])
        return rendering.text([line, summary, StyledLine()])
    }

    private func table(_ history: [AlertEventAnswer], _ rendering: Rendering) -> Table {
        let language = rendering.language
        var table = Table(columns: [
            .init(title: language(vi: "lúc", en: "at")), .init(title: language(vi: "từ", en: "from")),
            .init(title: language(vi: "thành", en: "to")), .init(title: language(vi: "vì", en: "cause")),
            .init(title: language(vi: "giá trị", en: "value"), alignment: .right),
            .init(title: language(vi: "ngưỡng", en: "limit"), alignment: .right),
            .init(title: language(vi: "người trực", en: "operator"), isFlexible: true),
            .init(title: language(vi: "ghi chú", en: "comment"), isFlexible: true),
        ])
        for event in history {
            table.add(
                .init(rendering.time(event.atMs)), .init(AlertState.spoken(event.fromState, language)),
                .init(AlertState.spoken(event.toState, language)),
                .init(AlertCause.spoken(event.cause, language)),
                .init(event.value.map(AlertText.number) ?? ""),
                .init(event.limitValue.map(AlertText.number) ?? ""),
                .init(event.operator ?? ""), .init(event.comment ?? ""))
        }
        return table
    }
}
