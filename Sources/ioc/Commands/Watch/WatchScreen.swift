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
    static func page(_ rows: Int) -> Int { max(rows - headerRows - 3 - eventRows(rows), 1) }

    private static func eventRows(_ rows: Int) -> Int { min(max((rows - 8) / 6, 1), 4) }

    /// Exactly as many lines as the terminal has, none of them too long.
    func lines() -> [StyledLine] {
        let page = Self.page(size.rows)
        var lines = header() + [StyledLine()]
        lines += alerts(page)
        while lines.count < Self.headerRows + page + 1 { lines.append(StyledLine()) }
        lines.append(message())
        lines += state.events.prefix(Self.eventRows(size.rows)).map { EventLine.short($0, rendering) }
        while lines.count < size.rows - 1 { lines.append(StyledLine()) }
        lines.append(keys())
        return lines.prefix(size.rows).map { $0.fitted(to: size.columns) }
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

    private func alerts(_ page: Int) -> [StyledLine] {
        guard !state.alerts.isEmpty else {
            guard case .open = state.link else { return [] }
            return [
                StyledLine(
                    "  " + language(vi: "Không có cảnh báo nào đang mở.", en: "No open alerts."), .green)
            ]
        }
        let selected = state.alerts.firstIndex { $0.id == state.selection.id }
        let top = min(max((selected ?? 0) - page / 2, 0), max(state.alerts.count - page, 0))
        let shown = state.alerts[top...].prefix(page)
        let lines = OpenAlertTable.table(shown, rendering).lines(width: size.columns - 2)
        return lines.enumerated().map { index, line in
            let isSelected = index > 0 && top + index - 1 == selected
            var marked = StyledLine(isSelected ? "▶ " : "  ")
            for piece in line.pieces { marked.append(piece.text, piece.style) }
            return isSelected && rendering.paint.isOn
                ? marked.uniform(.selected, width: size.columns) : marked
        }
    }

    private func message() -> StyledLine {
        func count(_ wanted: AlertState) -> Int { state.alerts.count { $0.state == wanted } }
        let counts = [AlertState.unacknowledged, .returned, .acknowledged].map {
            "\(count($0)) \($0.spoken[language])"
        }
        var line = StyledLine(" " + language(vi: "đang mở", en: "open") + " \(state.alerts.count): ", .bold)
        line.append(counts.joined(separator: " · "), .bold)
        if !state.message.isEmpty { line.append("   " + state.message, .yellow) }
        return line
    }

    private func keys() -> StyledLine {
        StyledLine(
            " "
                + language(
                    vi: "q thoát · ↑↓ chọn · a tiếp nhận · t English",
                    en: "q quit · ↑↓ select · a acknowledge · t Tiếng Việt"), .dim)
    }
}
