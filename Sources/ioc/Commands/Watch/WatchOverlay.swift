/// A text over the list of alerts.
struct WatchOverlay: Sendable, Equatable {
    enum Content: Sendable, Equatable {
        case help
        /// Lines as they were made, in the language of then.
        case text([String])
    }

    let content: Content
    /// Lines that were scrolled away.
    private(set) var top = 0

    init(_ content: Content) { self.content = content }

    func lines(_ language: Language) -> [String] {
        switch content {
        case .help: Self.help(language)
        case .text(let lines): lines
        }
    }

    mutating func scroll(by step: Int, _ language: Language) {
        top = min(max(top + step, 0), max(lines(language).count - 1, 0))
    }

    private static func help(_ language: Language) -> [String] {
        let keys: [(String, vi: String, en: String)] = [
            ("↑ ↓ PgUp PgDn Home End", "chọn cảnh báo", "select an alert"),
            ("a", "tiếp nhận: bạn đang xử lý nó", "acknowledge: you have it in hand"),
            ("A", "tiếp nhận kèm ghi chú", "acknowledge with a comment"),
            ("s", "gác lại một thời gian, nêu lý do", "shelve for a time, with a reason"),
            (
                "v", "danh sách: đang mở ↔ gác lại, bị nén, ngừng dùng",
                "list: open ↔ shelved, suppressed, out of service"
            ),
            ("r", "đặt lại cảnh báo chờ đặt lại", "reset a latched one"),
            ("u", "thôi gác (trong danh sách gác lại)", "unshelve (in the list of the shelved)"),
            ("x Enter", "vì sao có cảnh báo", "why the alert stands"),
            ("h", "lịch sử của cảnh báo", "history of the alert"),
            ("f /", "lọc theo lĩnh vực, phường/xã, mức", "filter by domain, ward, priority"),
            ("g", "khi dồn dập: nhóm ↔ từng cảnh báo", "in a flood: groups ↔ single alerts"),
            ("m", "tắt/bật chuông", "bell off/on"),
            ("t", "English", "Tiếng Việt"),
            ("? Esc", "mở/đóng trang này", "open/close this page"),
            ("q", "thoát", "quit"),
        ]
        return keys.map { key, vi, en in DisplayWidth.pad(key, to: 24, .left) + language(vi: vi, en: en) }
    }
}
