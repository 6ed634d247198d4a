import Console
import Store
import Telemetry

/// A shift's handover as titled tables, in the operator's language: the same for text and for paper.
struct HandoverDocument {
    struct Section {
        var title: String
        var table: Table
        /// Rows that there are beyond the table's.
        var more = 0
    }

    let title: String
    /// Of when, of what, and the sum of it.
    let lines: [String]
    let sections: [Section]

    init(_ handover: Handover, _ rendering: Rendering) {
        let maker = HandoverTables(rendering: rendering)
        let language = rendering.language
        title = language(vi: "Bàn giao ca trực", en: "Shift handover")
        let scope = [handover.domain, handover.ward].compactMap(\.self).joined(separator: ", ")
        lines = [
            "\(rendering.time(handover.fromMs)) – \(rendering.time(handover.toMs))"
                + (scope.isEmpty ? "" : " · \(scope)"),
            language(
                vi:
                    "Trong ca: \(handover.scoreboard.announced) cảnh báo mới, \(handover.floods.count) đợt dồn dập. "
                    + "Trạng thái lúc \(rendering.time(handover.asOfMs)).",
                en:
                    "In the shift: \(handover.scoreboard.announced) new alerts, \(handover.floods.count) floods. "
                    + "States as of \(rendering.time(handover.asOfMs))."),
        ]
        let all =
            maker.standing(handover) + maker.happened(handover) + [maker.scoreboard(handover.scoreboard)]
        sections = all
    }
}

extension HandoverDocument {
    /// As the console gives it.
    static func written(_ handover: Handover, _ form: ConsoleSources.HandoverForm, zone: ZoneOffsets)
        -> String
    {
        let rendering = Rendering(
            language: Language(rawValue: form.language) ?? .vi, width: nil, paint: Paint(isOn: false),
            clock: LocalTime(zone: zone), now: handover.asOfMs)
        return AlertsHandoverCommand.text(handover, form.isPage ? .html : .text, rendering)
    }
}

/// The tables of a handover.
private struct HandoverTables {
    let rendering: Rendering
    private var language: Language { rendering.language }

    /// What is there.
    func standing(_ handover: Handover) -> [HandoverDocument.Section] {
        [
            alerts(language(vi: "Đang mở", en: "Open"), handover.open, since: handover.fromMs),
            hidden(language(vi: "Gác lại", en: "Shelved"), handover.shelved),
            alerts(
                language(vi: "Bị nén (cổng kết nối hỏng)", en: "Suppressed (gateway down)"),
                handover.suppressed),
            hidden(language(vi: "Ngừng dùng", en: "Out of service"), handover.outOfService),
            alerts(
                language(vi: "Chưa kiểm chứng (thiết bị im lặng)", en: "Unverified (device silent)"),
                handover.unverified),
            alerts(language(vi: "Tồn quá một ngày", en: "Standing for more than a day"), handover.stale),
            devices(handover.silent),
        ]
    }

    /// What happened.
    func happened(_ handover: Handover) -> [HandoverDocument.Section] {
        [
            alerts(
                language(vi: "Mới trong ca và đã hết", en: "New in the shift and over"), handover.cameAndWent),
            actions(handover.actions), floods(handover.floods), chattering(handover.scoreboard.chattering),
            gaps(handover.gaps), rejects(handover.rejects),
        ]
    }

    private func section<Row>(
        _ title: String, _ list: Handover.Listed<Row>, _ columns: [Table.Column],
        _ cells: (Row) -> [Table.Cell]
    ) -> HandoverDocument.Section {
        var table = Table(columns: columns)
        table.rows = list.rows.map(cells)
        return .init(title: "\(title) (\(list.count))", table: table, more: list.count - list.rows.count)
    }

    /// - Parameter start: alerts raised since are marked.
    private func alerts(
        _ title: String, _ list: Handover.Listed<AlertAnswer>, since start: Milliseconds? = nil
    ) -> HandoverDocument.Section {
        section(
            title, list,
            [
                .init(title: "id"), .init(title: language(vi: "mức", en: "priority")),
                .init(title: language(vi: "trạng thái", en: "state")),
                .init(title: language(vi: "từ", en: "since")),
                .init(title: language(vi: "tuổi", en: "age"), goes: 1),
                .init(title: language(vi: "phường/xã", en: "ward"), isFlexible: true, goes: 2),
                .init(title: language(vi: "thiết bị", en: "device"), isFlexible: true, goes: 4),
                .init(title: language(vi: "nội dung", en: "summary"), isFlexible: true, least: 16),
                .init(title: language(vi: "người nhận", en: "taken by"), isFlexible: true),
                .init(title: language(vi: "ghi chú", en: "comment"), isFlexible: true, goes: 3),
            ]
        ) { alert in
            let isNew = start.map { alert.raisedMs >= $0 } ?? false
            return [
                .init("\(alert.id)"), priority(alert.priority), state(alert.state),
                .init(rendering.time(alert.raisedMs) + (isNew ? language(vi: " mới", en: " new") : "")),
                .init(rendering.age(alert.raisedMs)), .init(alert.ward), .init(alert.device),
                .init(Title(vi: alert.summaryVi, en: alert.summaryEn)[language]),
                .init(alert.acknowledgedBy ?? ""), .init(alert.comment ?? ""),
            ]
        }
    }

    private func hidden(_ title: String, _ list: Handover.Listed<AlertAnswer>) -> HandoverDocument.Section {
        section(
            title, list,
            [
                .init(title: "id"), .init(title: language(vi: "mức", en: "priority")),
                .init(title: language(vi: "đến", en: "until")),
                .init(title: language(vi: "ai", en: "by"), isFlexible: true),
                .init(title: language(vi: "lý do", en: "reason"), isFlexible: true),
                .init(title: language(vi: "phường/xã", en: "ward"), isFlexible: true, goes: 1),
                .init(title: language(vi: "thiết bị", en: "device"), isFlexible: true),
                .init(title: language(vi: "nội dung", en: "summary"), isFlexible: true, goes: 2),
            ]
        ) { alert in
            [
                .init("\(alert.id)"), priority(alert.priority), .init(rendering.time(alert.hiddenUntilMs)),
                .init(alert.hiddenBy ?? ""), .init(alert.hiddenReason ?? ""), .init(alert.ward),
                .init(alert.device), .init(Title(vi: alert.summaryVi, en: alert.summaryEn)[language]),
            ]
        }
    }

    private func devices(_ list: Handover.Listed<DeviceAnswer>) -> HandoverDocument.Section {
        section(
            language(vi: "Thiết bị im lặng", en: "Silent devices"), list,
            [
                .init(title: language(vi: "thiết bị", en: "device"), isFlexible: true),
                .init(title: language(vi: "tên", en: "name"), isFlexible: true),
                .init(title: language(vi: "phường/xã", en: "ward"), isFlexible: true),
                .init(title: language(vi: "tình trạng", en: "freshness")),
                .init(title: language(vi: "nghe lần cuối", en: "last heard")),
                .init(title: language(vi: "tuổi", en: "age")),
            ]
        ) { device in
            [
                .init(device.device), .init(Title(vi: device.nameVi, en: device.nameEn)[language]),
                .init(device.ward), .init(Freshness.spoken(device.freshness, language)),
                .init(rendering.time(device.lastSeenMs)), .init(rendering.age(device.lastSeenMs)),
            ]
        }
    }

    private func actions(_ list: Handover.Listed<AlertEventAnswer>) -> HandoverDocument.Section {
        section(
            language(vi: "Ai đã làm gì", en: "Who did what"), list,
            [
                .init(title: language(vi: "lúc", en: "at")),
                .init(title: language(vi: "người trực", en: "operator"), isFlexible: true),
                .init(title: language(vi: "việc", en: "what")), .init(title: "id"),
                .init(title: language(vi: "quy tắc", en: "rule"), isFlexible: true),
                .init(title: language(vi: "thiết bị", en: "device"), isFlexible: true),
                .init(title: language(vi: "ghi chú", en: "comment"), isFlexible: true),
            ]
        ) { event in
            [
                .init(rendering.time(event.recordedMs)), .init(event.operator ?? ""),
                .init(AlertCause.spoken(event.cause, language)), .init("\(event.alert)"), .init(event.rule),
                .init(event.device), .init(event.comment ?? ""),
            ]
        }
    }

    private func floods(_ floods: [Handover.Flood]) -> HandoverDocument.Section {
        section(
            language(vi: "Đợt dồn dập", en: "Floods"), Handover.Listed(floods),
            [
                .init(title: language(vi: "từ", en: "from")), .init(title: language(vi: "đến", en: "to")),
                .init(title: language(vi: "cảnh báo", en: "alerts")),
                .init(title: language(vi: "đầu tiên", en: "first-out"), isFlexible: true),
            ]
        ) { flood in
            let first = flood.firstOut.map {
                "#\($0.alert) \($0.device): \(Title(vi: $0.summaryVi, en: $0.summaryEn)[language])"
            }
            return [
                .init(rendering.time(flood.fromMs)),
                .init(flood.toMs.map { rendering.time($0) } ?? language(vi: "còn", en: "still")),
                .init("\(flood.count)"), .init(first ?? ""),
            ]
        }
    }

    private func chattering(_ sources: [Scoreboard.Source]) -> HandoverDocument.Section {
        section(
            language(vi: "Nhấp nháy", en: "Chattering"), Handover.Listed(sources),
            [
                .init(title: language(vi: "quy tắc", en: "rule"), isFlexible: true),
                .init(title: language(vi: "thiết bị", en: "device"), isFlexible: true),
                .init(title: language(vi: "số lần", en: "times")),
            ]
        ) { [.init($0.rule), .init($0.device), .init("\($0.count)")] }
    }

    private func gaps(_ gaps: [GapAnswer]) -> HandoverDocument.Section {
        section(
            language(vi: "Khoảng có thể đã mất tin", en: "Stretches in which messages may have been lost"),
            Handover.Listed(gaps),
            [
                .init(title: language(vi: "từ", en: "from")), .init(title: language(vi: "đến", en: "to")),
                .init(title: language(vi: "vì", en: "why")),
                .init(title: language(vi: "tin", en: "messages")),
            ]
        ) { gap in
            [
                .init(rendering.time(gap.fromMs)), .init(rendering.time(gap.toMs)),
                .init(SpokenGap.of(gap.kind, language)),
                .init(gap.count > 0 ? "\(gap.count)" : "?"),
            ]
        }
    }

    private func rejects(_ refusals: [Handover.Refusals]) -> HandoverDocument.Section {
        section(
            language(vi: "Tin bị từ chối, theo lý do", en: "Refused messages, by reason"),
            Handover.Listed(refusals),
            [
                .init(title: language(vi: "lý do", en: "reason")),
                .init(title: language(vi: "số chủ đề", en: "topics")),
                .init(title: language(vi: "lần cuối", en: "last")),
                .init(title: language(vi: "ở chủ đề", en: "on topic"), isFlexible: true),
            ]
        ) { refused in
            [
                .init(refused.reason), .init("\(refused.topics)"), .init(rendering.time(refused.lastMs)),
                .init(refused.lastTopic),
            ]
        }
    }

    func scoreboard(_ board: Scoreboard) -> HandoverDocument.Section {
        .init(
            title: language(vi: "Chỉ số của ca", en: "Figures of the shift"),
            table: ScoreboardTable.table(board, language))
    }

    private func priority(_ raw: String) -> Table.Cell {
        .init(AlertPriority.spoken(raw, language), AlertPriority(rawValue: raw).map(Style.of) ?? .plain)
    }

    private func state(_ raw: String) -> Table.Cell {
        .init(AlertState.spoken(raw, language), AlertState(rawValue: raw).map(Style.of) ?? .plain)
    }
}
