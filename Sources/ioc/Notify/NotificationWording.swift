import Store
import Telemetry

/// What people read, in the receiver's language.
struct NotificationWording {
    let language: Language
    let rules: [String: AlertRule]
    /// Names of wards, and of the city as `_`.
    let places: [String: Title]
    let time: LocalTime

    func subject(_ event: AlertEventAnswer, _ occasion: NotificationOccasion) -> String {
        let priority = AlertPriority.spoken(event.priority, language)
        return "[\(priority)] \(Self.prefix(occasion, language))\(title(event)): \(summary(event))"
    }

    func text(_ event: AlertEventAnswer, _ occasion: NotificationOccasion) -> String {
        let rule = rules[event.rule]
        var rows = [
            (language(vi: "Mức ưu tiên", en: "Priority"), AlertPriority.spoken(event.priority, language)),
            (language(vi: "Địa bàn", en: "Place"), place(event)),
            (language(vi: "Thiết bị", en: "Device"), event.device),
            (language(vi: "Thời điểm", en: "Time"), time.full(event.atMs)),
        ]
        if let lead = rule?.lead { rows.insert((language(vi: "Đơn vị chủ trì", en: "Lead"), lead), at: 1) }
        if let action = rule?.action[language], occasion != .returned {
            rows.insert((language(vi: "Việc cần làm", en: "Action"), action), at: 0)
        }
        let heading = "\(Self.prefix(occasion, language))\(title(event)): \(summary(event))"
        let lines = rows.map { "\($0.0): \($0.1)" }
        return ([heading, ""] + lines + ["", acknowledge(event)]).joined(separator: "\n") + "\n"
    }

    private func acknowledge(_ event: AlertEventAnswer) -> String {
        language(
            vi: "Cảnh báo số \(event.alert). Tiếp nhận: ioc alerts ack \(event.alert)",
            en: "Alert \(event.alert). To acknowledge it: ioc alerts ack \(event.alert)")
    }

    func digestSubject(_ count: Int) -> String {
        language(vi: "\(count) cảnh báo gộp lại", en: "\(count) alerts in one message")
    }

    /// - Parameter events: the first of `count`.
    func digest(_ events: [AlertEventAnswer], _ count: Int, _ why: DigestReason) -> String {
        let heading = heading(count, why)
        var lines = events.map { event in
            "- [\(AlertPriority.spoken(event.priority, language))] \(title(event)): \(summary(event)) "
                + "(\(place(event)), \(time.full(event.atMs)), ioc alerts ack \(event.alert))"
        }
        let more = count - events.count
        if more > 0 {
            lines.append(
                language(
                    vi: "và \(more) cảnh báo khác: ioc alerts list", en: "and \(more) more: ioc alerts list"))
        }
        return ([heading, ""] + lines).joined(separator: "\n") + "\n"
    }

    private func heading(_ count: Int, _ why: DigestReason) -> String {
        switch why {
        case .limit:
            language(
                vi: "\(count) cảnh báo đã đến trong lúc bạn đã nhận đủ số tin cho phép:",
                en: "\(count) alerts came while you had as many messages as you may get:")
        case .crowd:
            language(
                vi: "\(count) cảnh báo chưa báo được từng cái vì quá nhiều tin chờ gửi cho bạn:",
                en: "\(count) alerts could not be told one by one, because too many messages waited for you:")
        }
    }

    func test(_ receiver: String, at now: Milliseconds) -> (subject: String, text: String) {
        (
            language(vi: "Tin thử của ioc", en: "A test message of ioc"),
            language(
                vi: "Tin thử gửi \(receiver) lúc \(time.full(now)). Không cần làm gì.\n",
                en: "A test message to \(receiver) at \(time.full(now)). There is nothing to do.\n")
        )
    }

    private static func prefix(_ occasion: NotificationOccasion, _ language: Language) -> String {
        switch occasion {
        case .raised: ""
        case .escalated: language(vi: "Chưa ai tiếp nhận: ", en: "Nobody took it: ")
        case .returned: language(vi: "Đã hết: ", en: "Gone: ")
        }
    }

    private func title(_ event: AlertEventAnswer) -> String {
        rules[event.rule]?.title[language] ?? event.rule
    }

    private func summary(_ event: AlertEventAnswer) -> String {
        language(vi: event.summaryVi, en: event.summaryEn)
    }

    private func place(_ event: AlertEventAnswer) -> String { places[event.ward]?[language] ?? event.ward }
}
