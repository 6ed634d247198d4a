import ArgumentParser
import Store
import Telemetry

struct AlertsScoreboardCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "scoreboard",
        abstract: "What the alerts asked of the operators, next to what a person can do; reads the database.",
        discussion: """
            Counted when they were recorded, for that is when somebody had to look. Limits are those of EEMUA 191 and ISA-18.2;
            docs/alert-rules.md explains the figures.

              ioc alerts scoreboard --from -7d --domain mydomain
            """)

    @OptionGroup var times: TimeRangeOptions
    @Option(help: "Only this domain.") var domain: String?
    @Option(help: "Only this ward or commune, by its code.") var ward: String?
    @OptionGroup var data: DataOptions
    @OptionGroup var language: LanguageOptions
    @Flag(help: "JSON, as /api/v1/alerts/scoreboard gives it.") var json = false

    func text(_ reader: StoreReader, _ rendering: Rendering) throws -> String {
        let range = try times.range(now: rendering.now, zone: rendering.clock.zone)
        try reader.check(domain: domain, ward: ward)
        let board = try reader.scoreboard(over: range, domain: domain, ward: ward, at: rendering.now)
        if json { return try JSONText.document(board) }
        let language = rendering.language
        let heading = language(
            vi: "\(board.announced) cảnh báo, \(board.floods) đợt dồn dập",
            en: "\(board.announced) new alerts, \(board.floods) floods")
        let span = "\(rendering.time(board.fromMs)) – \(rendering.time(board.toMs))"
        var text = rendering.text([StyledLine("\(heading)  \(span)", .bold), StyledLine()])
        text += rendering.text(ScoreboardTable.table(board, language))
        text += sources(language(vi: "nhiều nhất", en: "most frequent"), board.top, rendering)
        text += sources(language(vi: "nhấp nháy", en: "chattering"), board.chattering, rendering)
        return text
    }

    private func sources(_ title: String, _ sources: [Scoreboard.Source], _ rendering: Rendering) -> String {
        guard !sources.isEmpty else { return "" }
        let language = rendering.language
        var table = Table(columns: [
            .init(title: title), .init(title: language(vi: "thiết bị", en: "device")),
            .init(title: language(vi: "số lần", en: "times"), alignment: .right),
        ])
        for source in sources {
            table.add(.init(source.rule), .init(source.device), .init("\(source.count)"))
        }
        return "\n" + rendering.text(table)
    }
}
