import Telemetry

/// The figures of a scoreboard next to their limits.
enum ScoreboardTable {
    static func table(_ board: Scoreboard, _ language: Language) -> Table {
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
