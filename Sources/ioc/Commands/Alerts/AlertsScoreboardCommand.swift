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
        let board = try reader.scoreboard(over: range, domain: domain, ward: ward)
        if json { return try JSONText.document(board) }
        let language = rendering.language
        let heading = language(
            vi: "\(board.announced) cảnh báo, \(board.floods) đợt dồn dập",
            en: "\(board.announced) new alerts, \(board.floods) floods")
        let span = "\(rendering.time(board.fromMs)) – \(rendering.time(board.toMs))"
        var text = rendering.text([StyledLine("\(heading)  \(span)", .bold), StyledLine()])
        text += rendering.text(figures(board, language))
        text += sources(language(vi: "nhiều nhất", en: "most frequent"), board.top, rendering)
        text += sources(language(vi: "nhấp nháy", en: "chattering"), board.chattering, rendering)
        return text
    }

    private func figures(_ board: Scoreboard, _ language: Language) -> Table {
        var table = Table(columns: [
            .init(title: language(vi: "chỉ số", en: "figure")),
            .init(title: language(vi: "giá trị", en: "value"), alignment: .right),
            .init(title: language(vi: "giới hạn", en: "limit"), alignment: .right),
            .init(title: language(vi: "đạt", en: "met")),
        ])
        for figure in board.figures {
            let met = figure.isMet ? language(vi: "đạt", en: "yes") : language(vi: "vượt", en: "no")
            table.add(
                .init(figure.measure.title[language]),
                .init(figure.value.map { figure.measure.text($0) } ?? "–"),
                .init(figure.measure.text(figure.limit)), .init(met, figure.isMet ? .plain : .red))
        }
        return table
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

extension Scoreboard.Measure {
    fileprivate var title: Title {
        switch self {
        case .perTenMinutes: Title(vi: "cảnh báo mới mỗi 10 phút", en: "new alerts per 10 minutes")
        case .perDay: Title(vi: "cảnh báo mới mỗi ngày", en: "new alerts per day")
        case .peakTenMinutes: Title(vi: "nhiều nhất trong 10 phút", en: "most in 10 minutes")
        case .floodShare: Title(vi: "thời gian dồn dập", en: "time in flood")
        case .chattering: Title(vi: "cảnh báo nhấp nháy", en: "chattering alerts")
        case .stale: Title(vi: "cảnh báo tồn quá một ngày", en: "alerts standing for more than a day")
        case .highShare: Title(vi: "tỷ lệ mức cao", en: "share of high priority")
        case .criticalShare: Title(vi: "tỷ lệ mức khẩn cấp", en: "share of critical priority")
        case .topTenShare: Title(vi: "tỷ lệ của mười nguồn nhiều nhất", en: "share of the ten most frequent")
        case .minutesToAcknowledge: Title(vi: "phút đến khi tiếp nhận", en: "minutes to acknowledge")
        }
    }

    /// A value with the digits that matter.
    fileprivate func text(_ value: Double) -> String {
        switch self {
        case .floodShare, .highShare, .criticalShare, .topTenShare:
            "\(AlertText.number((value * 1_000).rounded() / 10)) %"
        default: AlertText.number((value * 10).rounded() / 10)
        }
    }
}
