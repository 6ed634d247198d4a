import Telemetry

/// Open alerts as a table, for the live screen.
enum OpenAlertTable {
    static func table(_ alerts: some Sequence<OpenAlert>, _ rendering: Rendering) -> Table {
        let language = rendering.language
        var table = Table(columns: [
            .init(title: "id", alignment: .right),
            .init(title: language(vi: "trạng thái", en: "state")),
            .init(title: language(vi: "mức", en: "priority")),
            .init(title: language(vi: "từ", en: "since")),
            .init(title: language(vi: "tuổi", en: "age"), alignment: .right),
            .init(title: language(vi: "phường/xã", en: "ward"), isFlexible: true, goes: 1),
            .init(title: language(vi: "thiết bị", en: "device"), isFlexible: true),
            .init(title: language(vi: "nội dung", en: "summary"), isFlexible: true, least: 20),
        ])
        table.rows = alerts.map { cells($0, rendering) }
        return table
    }

    private static func cells(_ alert: OpenAlert, _ rendering: Rendering) -> [Table.Cell] {
        let language = rendering.language
        let quiet: Style = alert.state == .acknowledged ? .dim : .plain
        return [
            .init("\(alert.id)", quiet), .init(alert.state.spoken[language], .of(alert.state)),
            .init(alert.priority.spoken[language], .of(alert.priority)),
            .init(rendering.clock.clock(alert.raised), quiet), .init(rendering.age(alert.raised), quiet),
            .init(alert.ward, quiet), .init(alert.device, quiet),
            .init(rendering.summary(alert.summary, unverifiedSince: alert.unverifiedSince), quiet),
        ]
    }
}
