import Store
import Telemetry

/// All changes of an alert as an operator reads them.
struct AlertHistoryText {
    private let alert: AlertAnswer
    private let history: [AlertEventAnswer]
    private let rendering: Rendering

    init(_ alert: AlertAnswer, _ history: [AlertEventAnswer], _ rendering: Rendering) {
        self.alert = alert
        self.history = history
        self.rendering = rendering
    }

    private var language: Language { rendering.language }

    var text: String { heading + rendering.text(table) }

    private var heading: String {
        var line = StyledLine("#\(alert.id) \(alert.rule)  \(alert.device)  ", .bold)
        line.append(
            AlertPriority.spoken(alert.priority, language),
            AlertPriority(rawValue: alert.priority).map(Style.of) ?? .plain)
        line.append("  " + AlertState.spoken(alert.state, language))
        let summary = StyledLine(Title(vi: alert.summaryVi, en: alert.summaryEn)[language])
        return rendering.text([line, summary, StyledLine()])
    }

    private var table: Table {
        var table = Table(columns: [
            .init(title: language(vi: "lúc", en: "at")),
            .init(title: language(vi: "từ", en: "from"), goes: 1),
            .init(title: language(vi: "thành", en: "to")), .init(title: language(vi: "vì", en: "cause")),
            .init(title: language(vi: "giá trị", en: "value"), alignment: .right, goes: 3),
            .init(title: language(vi: "ngưỡng", en: "limit"), alignment: .right, goes: 2),
            .init(title: language(vi: "người trực", en: "operator"), isFlexible: true),
            .init(title: language(vi: "ghi chú", en: "comment"), isFlexible: true, least: 16),
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
