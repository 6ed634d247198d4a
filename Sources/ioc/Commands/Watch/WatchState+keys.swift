import Console
import Telemetry

/// What an operator's keys do.
extension WatchState {
    private static let defaultShelf = "1h"

    /// - Parameter page: rows of alerts on the screen.
    mutating func take(_ key: Key, page: Int) -> [Effect] {
        if key == .interrupt { return [.quit] }
        message = ""
        if prompt != nil { return answer(key) }
        if overlay != nil { return look(key, page) }
        switch key {
        case .letter("q"): return [.quit]
        case .up, .letter("k"): selection.move(by: -1, in: rows)
        case .down, .letter("j"): selection.move(by: 1, in: rows)
        case .pageUp: selection.move(by: -page, in: rows)
        case .pageDown: selection.move(by: page, in: rows)
        case .first: selection.move(by: -rows.count, in: rows)
        case .last: selection.move(by: rows.count, in: rows)
        case .letter("t"): language = language.other
        case .letter("m"): bell.toggle()
        case .letter("?"): overlay = WatchOverlay(.help)
        case .letter("f"), .letter("/"): prompt = WatchPrompt(.filter, filter.text)
        case .letter("g"):
            showsGroups.toggle()
            selection.keep(in: rows)
        case .letter("v"):
            showsHidden.toggle()
            return forgetList()
        default: return act(key)
        }
        return []
    }

    /// Keys that are about the selected alert.
    private mutating func act(_ key: Key) -> [Effect] {
        switch key {
        case .letter("x"), .enter: return chosen().map { [.explain($0.id)] } ?? []
        case .letter("h"): return chosen().map { [.history($0.id)] } ?? []
        case .letter("a"): return acknowledge()
        case .letter("A"): prompt = actable().map { WatchPrompt(.comment($0.id)) }
        case .letter("s"): prompt = actable().map { WatchPrompt(.shelfLength($0.id), Self.defaultShelf) }
        case .letter("u"): return unshelve()
        case .letter("r"): return reset()
        default: break
        }
        return []
    }

    private mutating func look(_ key: Key, _ page: Int) -> [Effect] {
        switch key {
        case .up, .letter("k"): overlay?.scroll(by: -1, language)
        case .down, .letter("j"): overlay?.scroll(by: 1, language)
        case .pageUp: overlay?.scroll(by: -page, language)
        case .pageDown: overlay?.scroll(by: page, language)
        case .letter("t"): language = language.other
        default: overlay = nil
        }
        return []
    }

    private mutating func answer(_ key: Key) -> [Effect] {
        guard var prompt else { return [] }
        if prompt.take(key) {
            self.prompt = prompt
            return []
        }
        guard key == .enter || key == .escape else { return [] }
        self.prompt = nil
        guard key == .enter else { return [] }
        let text = String(prompt.text.trimmingPrefix { $0 == " " })
        switch prompt.subject {
        case .comment(let id):
            selection.move(by: 1, in: rows)
            return [.act(id, .acknowledge, comment: text.isEmpty ? nil : text)]
        case .shelfLength(let id): askReason(id, text)
        case .shelfReason(let id, let minutes):
            guard !text.isEmpty else {
                message = language(vi: "không gác: cần lý do", en: "not shelved: it needs a reason")
                return []
            }
            selection.move(by: 1, in: rows)
            return [.act(id, .shelve(minutes: minutes, isOneShot: false), comment: text)]
        case .filter:
            let wanted = WatchFilter(text, domains: domains)
            return wanted == filter ? [] : look(at: wanted)
        }
        return []
    }

    private mutating func askReason(_ id: Int64, _ text: String) {
        guard let length = Span.parse(text), (Span.minute...AlertShelf.longest).contains(length),
            length % Span.minute == 0
        else {
            message = language(
                vi: "\(text): cần số phút tròn, 1m đến 12h", en: "\(text): expected whole minutes, 1m to 12h")
            return
        }
        prompt = WatchPrompt(.shelfReason(id, minutes: Int(length / Span.minute)))
    }

    private mutating func reset() -> [Effect] {
        guard let alert = actable() else { return [] }
        guard alert.state == .latched else {
            message = language(
                vi: "#\(alert.id) không chờ đặt lại", en: "#\(alert.id) is not latched: nothing to reset")
            return []
        }
        return [.act(alert.id, .reset, comment: nil)]
    }

    private mutating func acknowledge() -> [Effect] {
        guard let alert = actable() else { return [] }
        // The next one below, so that it does not follow this one to the acknowledged.
        selection.move(by: 1, in: rows)
        guard alert.state != .acknowledged else {
            message = language(
                vi: "#\(alert.id) đã được tiếp nhận rồi", en: "#\(alert.id) is acknowledged already")
            return []
        }
        message = language(vi: "đang tiếp nhận #\(alert.id) …", en: "acknowledging #\(alert.id) …")
        return [.act(alert.id, .acknowledge, comment: nil)]
    }

    private mutating func unshelve() -> [Effect] {
        guard let alert = actable() else { return [] }
        guard alert.state == .shelved else {
            message = language(
                vi: "#\(alert.id) không bị gác: v hiện danh sách gác lại",
                en: "#\(alert.id) is not shelved: v shows those that are")
            return []
        }
        selection.move(by: 1, in: rows)
        return [.act(alert.id, .unshelve, comment: nil)]
    }

    /// The selected alert, if it is known who acts.
    private mutating func actable() -> OpenAlert? {
        guard canAct else {
            message = language(
                vi: "chưa biết bạn là ai: chạy với --operator TÊN",
                en: "who are you? Start with --operator NAME")
            return nil
        }
        return chosen()
    }

    private mutating func chosen() -> OpenAlert? {
        if let selected { return selected }
        message = language(vi: "chưa chọn cảnh báo nào: dùng ↑ ↓", en: "no alert is selected: use ↑ ↓")
        return nil
    }
}
