import Console
import Store
import Telemetry

/// The live screen as lines of text.
struct WatchScreen {
    let state: WatchState
    let rendering: Rendering
    let size: (columns: Int, rows: Int)
    let address: String

    private var language: Language { rendering.language }

    /// The last of them is empty.
    private static let headerRows = 4

    /// Rows of alerts that fit.
    static func page(_ rows: Int) -> Int { max(rows - headerRows - 3 - newsRows(rows), 1) }

    private static func newsRows(_ rows: Int) -> Int { min(max((rows - 8) / 6, 1), 4) }

    /// Exactly as many lines as the terminal has, none of them too long.
    func lines() -> [StyledLine] {
        let page = Self.page(size.rows)
        var lines = header() + [flood()]
        lines += body(page).prefix(page + 1)
        while lines.count < Self.headerRows + page + 1 { lines.append(StyledLine()) }
        lines.append(message())
        lines += state.news.prefix(Self.newsRows(size.rows)).map { AnnouncementLine.short($0, rendering) }
        while lines.count < size.rows - 1 { lines.append(StyledLine()) }
        lines.append(keys())
        return lines.prefix(size.rows).map { $0.fitted(to: size.columns) }
    }

    private func body(_ page: Int) -> [StyledLine] {
        if let overlay = state.overlay {
            return overlay.lines(language).dropFirst(overlay.top).map { StyledLine("  " + $0) }
        }
        guard state.isGrouped, let picture = state.picture else { return alerts(state.alerts, page) }
        // What is pinned has a third of the page, the groups the rest.
        let pinned = alerts(state.rows, max(page / 3, 1))
        return pinned + [StyledLine()] + groups(picture.groups, page - pinned.count)
    }

    /// - Parameter room: lines there are for them.
    private func groups(_ groups: [ConsoleGroup], _ room: Int) -> [StyledLine] {
        var lines = FloodTable.table(groups, rendering).lines(width: size.columns - 2).map {
            $0.indented("  ")
        }
        guard lines.count > room else { return lines }
        lines.removeLast(lines.count - max(room - 1, 1))
        let more = groups.count - lines.count + 1
        lines.append(
            StyledLine(
                language(
                    vi: "  … còn \(more) nhóm nữa; g: từng cảnh báo",
                    en: "  … \(more) more groups; g: single alerts"), .dim))
        return lines
    }

    /// What the alerts below are.
    private func flood() -> StyledLine {
        guard let picture = state.picture, picture.isFlood else { return StyledLine() }
        let since = picture.sinceMs.map(rendering.clock.clock) ?? ""
        var line = StyledLine(
            language(
                vi: " DỒN DẬP từ \(since): \(picture.count) cảnh báo ",
                en: " FLOOD since \(since): \(picture.count) alerts "), .alarm)
        if picture.morePinned > 0 {
            line.append(
                language(
                    vi: " còn \(picture.morePinned) khẩn cấp nữa",
                    en: " \(picture.morePinned) more critical ones"), .red)
        }
        line.append(
            state.showsGroups
                ? language(vi: "  g: từng cảnh báo", en: "  g: single alerts")
                : language(vi: "  g: gộp nhóm", en: "  g: groups"), .dim)
        return line
    }

    private func header() -> [StyledLine] {
        var first = StyledLine(" ioc · \(address) · ", .bold)
        switch state.link {
        case .connecting: first.append(language(vi: "đang kết nối …", en: "connecting …"), .yellow)
        case .open: first.append(language(vi: "đã kết nối", en: "connected"), .green)
        case .lost(let sentence): first.append(sentence, .red)
        }
        let time = rendering.clock.clock(rendering.now) + " "
        let gap = size.columns - first.width - DisplayWidth.of(time)
        if gap > 0 { first.append(String(repeating: " ", count: gap) + time) }
        return [first] + StatusLines.lines(state.status, rendering)
    }

    private func alerts(_ alerts: [OpenAlert], _ page: Int) -> [StyledLine] {
        guard !alerts.isEmpty else {
            guard case .open = state.link else { return [] }
            let none =
                state.showsHidden
                ? language(vi: "Không có cảnh báo nào bị gác.", en: "Nothing is set aside.")
                : language(vi: "Không có cảnh báo nào đang mở.", en: "No open alerts.")
            return [StyledLine("  " + none, .green)]
        }
        let selected = alerts.firstIndex { $0.id == state.selection.id }
        let top = min(max((selected ?? 0) - page / 2, 0), max(alerts.count - page, 0))
        let shown = alerts[top...].prefix(page)
        let lines = OpenAlertTable.table(shown, rendering).lines(width: size.columns - 2)
        return lines.enumerated().map { index, line in
            let isSelected = index > 0 && top + index - 1 == selected
            let marked = line.indented(isSelected ? "▶ " : "  ")
            return isSelected && rendering.paint.isOn
                ? marked.uniform(.selected, width: size.columns) : marked
        }
    }

    private func message() -> StyledLine {
        if let prompt = state.prompt {
            return StyledLine(" " + prompt.question(language) + prompt.text + "▏", .yellow)
        }
        var line = StyledLine(" " + counts, .bold)
        if !state.filter.text.isEmpty { line.append("  [\(state.filter.text)]", .cyan) }
        if state.bell.isMuted { line.append(language(vi: "  tắt chuông", en: "  bell off"), .yellow) }
        guard !state.message.isEmpty else { return line }
        var whole = line
        whole.append("   " + state.message, .yellow)
        // What was just said matters more than the counts.
        return whole.width <= size.columns ? whole : StyledLine(" " + state.message, .yellow)
    }

    /// Of all alerts of the view, also those that no list is long enough for.
    private var counts: String {
        let counts = state.picture?.open ?? [:]
        let states = AlertState.allCases.filter { state.showsHidden ? $0.isHidden : $0.isOpen }
        let parts = states.compactMap { state in
            counts[state.rawValue].map { "\($0) \(state.spoken[language])" }
        }
        let sum = states.reduce(0) { $0 + (counts[$1.rawValue] ?? 0) }
        let title =
            state.showsHidden
            ? language(vi: "để riêng", en: "set aside") : language(vi: "đang mở", en: "open")
        return title + " \(sum)" + (parts.isEmpty ? "" : ": " + parts.joined(separator: " · "))
    }

    private func keys() -> StyledLine {
        if state.prompt != nil {
            return StyledLine(language(vi: " Enter xong · Esc bỏ", en: " Enter done · Esc cancel"), .dim)
        }
        if state.overlay != nil {
            return StyledLine(
                language(vi: " ↑↓ cuộn · Esc đóng · t English", en: " ↑↓ scroll · Esc close · t Tiếng Việt"),
                .dim)
        }
        return StyledLine(
            language(
                vi: " q thoát · ↑↓ chọn · a nhận · s gác · x vì sao · h lịch sử · f lọc · ? giúp",
                en: " q quit · ↑↓ select · a ack · s shelve · x why · h history · f filter · ? help"),
            .dim)
    }
}
