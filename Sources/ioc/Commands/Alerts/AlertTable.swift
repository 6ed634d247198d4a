import Store
import Telemetry

/// Alerts of any time as a table: with the day, and who took them.
enum AlertTable {
    static func table(_ alerts: [AlertAnswer], _ rendering: Rendering) -> Table {
        let language = rendering.language
        var table = Table(columns: [
            .init(title: "id", alignment: .right),
            .init(title: language(vi: "trạng thái", en: "state")),
            .init(title: language(vi: "mức", en: "priority")),
            .init(title: language(vi: "từ", en: "since")),
            .init(title: language(vi: "tuổi", en: "age"), alignment: .right, goes: 4),
            .init(title: language(vi: "phường/xã", en: "ward"), isFlexible: true, goes: 3),
            .init(title: language(vi: "thiết bị", en: "device"), isFlexible: true),
            .init(title: language(vi: "quy tắc", en: "rule"), isFlexible: true, goes: 1),
            .init(title: language(vi: "người nhận", en: "taken by"), isFlexible: true, goes: 2),
            .init(title: language(vi: "nội dung", en: "summary"), isFlexible: true, least: 20),
        ])
        for alert in alerts {
            let state = AlertState(rawValue: alert.state)
            let priority = AlertPriority(rawValue: alert.priority)
            table.add(
                .init("\(alert.id)"),
                .init(AlertState.spoken(alert.state, language), state.map(Style.of) ?? .plain),
                .init(AlertPriority.spoken(alert.priority, language), priority.map(Style.of) ?? .plain),
                .init(rendering.time(alert.raisedMs)), .init(rendering.age(alert.raisedMs)),
                .init(alert.ward),
                .init(alert.device), .init(alert.rule), .init(person(alert, rendering)),
                .init(
                    rendering.summary(
                        Title(vi: alert.summaryVi, en: alert.summaryEn),
                        unverifiedSince: alert.unverifiedSinceMs)))
        }
        return table
    }

    /// Who has it in hand; of a shelved one who set it aside, and until when.
    private static func person(_ alert: AlertAnswer, _ rendering: Rendering) -> String {
        guard let until = alert.hiddenUntilMs else { return alert.acknowledgedBy ?? "" }
        let end = rendering.language(vi: "đến ", en: "until ") + rendering.time(until)
        return [alert.hiddenBy, end].compactMap { $0 }.joined(separator: ", ")
    }
}
