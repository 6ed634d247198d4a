import Telemetry

/// The groups of a flood as a table.
enum FloodTable {
    /// On a narrower screen the time of the first gives way.
    private static let widthForTimes = 100

    static func table(_ groups: [ConsoleGroup], _ rendering: Rendering) -> Table {
        let language = rendering.language
        var table = Table(columns: [
            .init(title: language(vi: "số", en: "count"), alignment: .right),
            .init(title: language(vi: "còn", en: "stand"), alignment: .right),
            .init(title: language(vi: "chưa nhận", en: "unacked"), alignment: .right),
            .init(title: language(vi: "mức", en: "worst")),
            .init(title: language(vi: "quy tắc", en: "rule"), isFlexible: true),
            .init(title: language(vi: "phường/xã", en: "ward"), isFlexible: true),
            .init(title: language(vi: "đầu tiên", en: "first-out"), isFlexible: true, least: 24),
            .init(title: language(vi: "mới nhất", en: "newest"), goes: 1),
        ])
        let hasTimes = rendering.width.map { $0 >= widthForTimes } ?? true
        for group in groups {
            let first = group.firstOut
            let quiet: Style = group.unacknowledged == 0 ? .dim : .plain
            table.add(
                .init("\(group.count)", quiet), .init("\(group.standing)", quiet),
                .init("\(group.unacknowledged)", group.unacknowledged > 0 ? .bold : .dim),
                .init(group.worst.spoken[language], .of(group.worst)),
                .init(cause(group.place, language), quiet), .init(group.place.ward ?? "*", quiet),
                .init(
                    "#\(first.alert)\(hasTimes ? " " + rendering.clock.clock(first.recordedMs) : "") \(first.device)",
                    quiet),
                .init(rendering.clock.clock(group.newestMs), quiet))
        }
        return table
    }

    private static func cause(_ place: ConsoleGroup.Place, _ language: Language) -> String {
        if let rule = place.rule { return rule }
        return place.domain.map { "\($0): *" } ?? language(vi: "tất cả", en: "all")
    }
}
