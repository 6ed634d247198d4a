import Telemetry

/// A question at the bottom of the screen, and what was typed so far.
struct WatchPrompt: Sendable, Equatable {
    enum Subject: Sendable, Equatable {
        case comment(Int64)
        case shelfLength(Int64)
        case shelfReason(Int64, minutes: Int)
        case filter
    }

    static let longest = 500

    let subject: Subject
    private(set) var text: String

    init(_ subject: Subject, _ text: String = "") {
        self.subject = subject
        self.text = text
    }

    /// - Returns: whether the key was for it.
    mutating func take(_ key: Key) -> Bool {
        switch key {
        case .letter(let letter): if text.count < Self.longest { text.append(letter) }
        case .backspace: _ = text.popLast()
        default: return false
        }
        return true
    }

    func question(_ language: Language) -> String {
        switch subject {
        case .comment(let id):
            language(vi: "tiếp nhận #\(id), ghi chú: ", en: "acknowledge #\(id), comment: ")
        case .shelfLength(let id):
            language(vi: "gác #\(id) bao lâu (1m–12h): ", en: "shelve #\(id) for how long (1m–12h): ")
        case .shelfReason(let id, let minutes):
            language(vi: "gác #\(id) \(minutes) phút, lý do: ", en: "shelve #\(id) for \(minutes) min, why: ")
        case .filter:
            language(
                vi: "lọc (lĩnh vực, phường/xã, mức; trống: tất cả): ",
                en: "filter (domain, ward, priority; empty: all): ")
        }
    }
}
