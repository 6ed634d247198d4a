import Telemetry

/// An explanation as an operator reads it.
struct AlertExplanationText {
    private let found: AlertExplanation
    private let rule: AlertRule
    private let rendering: Rendering

    init(_ found: AlertExplanation, _ rule: AlertRule, _ rendering: Rendering) {
        self.found = found
        self.rule = rule
        self.rendering = rendering
    }

    private var language: Language { rendering.language }

    var text: String {
        var heading = StyledLine("\(found.rule)  \(found.device)  ", .bold)
        heading.append(AlertState.spoken(found.state.rawValue, language))
        var lines = [heading, StyledLine(rule.title[language], .dim), StyledLine(gate)]
        if !rule.isEnabled {
            lines.append(
                StyledLine(
                    language(vi: "luật đang tắt (enabled: false)", en: "the rule is off (enabled: false)"),
                    .yellow))
        }
        if let seen = found.lastSeenMs {
            let allowed =
                found.allowedMs.map { language(vi: ", cho phép ", en: ", allowed ") + Span.format($0) } ?? ""
            lines.append(
                StyledLine(
                    language(vi: "nghe lần cuối ", en: "last heard ") + rendering.time(seen)
                        + " (\(rendering.age(seen))\(allowed))"))
        }
        lines.append(
            StyledLine(
                language(vi: "trễ khi bật ", en: "on-delay ") + Span.format(found.onDelayMs)
                    + language(vi: ", trễ khi tắt ", en: ", off-delay ") + Span.format(found.offDelayMs), .dim
            ))
        let head = rendering.text(lines)
        let terms = found.terms.isEmpty ? "" : "\n" + rendering.text(table)
        return head + terms + (found.members.isEmpty ? "" : "\n" + rendering.text(members))
    }

    private var members: Table {
        var table = Table(columns: [
            .init(title: language(vi: "thiết bị", en: "device")),
            .init(title: language(vi: "giá trị", en: "value"), alignment: .right),
            .init(title: language(vi: "thỏa", en: "holds")),
            .init(title: language(vi: "nghe lần cuối", en: "last heard")),
        ])
        for member in found.members {
            table.add(
                .init(member.device), .init(member.value.map(AlertText.number) ?? "–"),
                .init(word(member.holds)),
                .init(rendering.time(member.lastSeenMs)))
        }
        return table
    }

    private func word(_ holds: Bool?) -> String {
        switch holds {
        case true?: language(vi: "có", en: "yes")
        case false?: language(vi: "không", en: "no")
        case nil: language(vi: "chưa biết", en: "unknown")
        }
    }

    private var table: Table {
        var table = Table(columns: [
            .init(title: language(vi: "đại lượng", en: "looks at"), isFlexible: true, least: 20),
            .init(title: language(vi: "giá trị", en: "value"), alignment: .right),
            .init(title: language(vi: "đơn vị", en: "unit"), goes: 3),
            .init(title: language(vi: "ngưỡng", en: "limit"), isFlexible: true, least: 24),
            .init(title: language(vi: "thỏa", en: "holds")),
            .init(title: language(vi: "tính đến", en: "as of"), goes: 2),
            .init(title: language(vi: "số đo", en: "readings"), alignment: .right, goes: 1),
        ])
        for term in found.terms {
            table.add(
                .init(signal(term)), .init(term.value.map(AlertText.number) ?? "–"), .init(term.unit),
                .init(term.limit.comparison[language]), .init(word(term.holds)),
                .init(rendering.time(term.evidenceMs)), .init("\(term.readings)"))
        }
        return table
    }

    private func signal(_ term: AlertExplanation.Term) -> String {
        // The name of a measurement is its own, whatever word it is; what groups without one look at is none.
        let measurement =
            term.measurement == "freshness" ? SpokenFigure.of(term.measurement, language) : term.measurement
        let name = term.divisor.map { "\(measurement) / \($0)" } ?? measurement
        guard let figure = term.figure else { return name }
        let period = term.period.map { SpokenFigure.of($0, language) }
        return "\(SpokenFigure.of(figure, language)) \(name)"
            + ((period ?? term.windowMs.map(Span.format)).map { ", \($0)" } ?? "")
    }

    /// What keeps it where it is, in one sentence.
    private var gate: String {
        let since = rendering.time(found.sinceMs)
        // Rounded up: nothing is over while something is left.
        let seconds = ((found.remainingMs ?? 0) + Span.second - 1) / Span.second
        let remaining = Span.format(seconds * Span.second)
        return switch found.gate {
        case .noEvidence:
            language(vi: "chưa có số đo nào mà luật cần", en: "nothing was measured that the rule looks at")
        case .tooFewMembers:
            language(
                vi: "chưa biết đủ thiết bị trong nhóm để kết luận",
                en: "too few devices of the group are known to say anything of all")
        case .partlyUnknown:
            language(
                vi: "một phần điều kiện chưa có số đo, phần còn lại chưa đủ quyết định",
                en: "part of the condition was not measured yet, and the rest does not decide without it")
        case .notCrossed: language(vi: "điều kiện không thỏa", en: "the condition does not hold")
        case .onDelay:
            language(
                vi: "điều kiện thỏa từ \(since); trễ khi bật còn \(remaining)",
                en: "the condition has held since \(since); \(remaining) of the on-delay are left")
        case .firing:
            language(vi: "điều kiện thỏa từ \(since)", en: "the condition has held since \(since)")
        case .offDelay:
            language(
                vi: "điều kiện hết từ \(since); trễ khi tắt còn \(remaining), tính bằng số đo",
                en:
                    "the condition has been gone since \(since); \(remaining) of the off-delay are left, and only data ends it"
            )
        case .shelved:
            language(
                vi: "được gác lại đến \(rendering.time(found.shelvedUntilMs))",
                en: "an operator has set it aside until \(rendering.time(found.shelvedUntilMs))")
        case .suppressed:
            language(
                vi: "bị nén: cổng kết nối của thiết bị không hoạt động",
                en: "suppressed: the gateway of the device is down")
        case .outOfService: language(vi: "đang ngừng dùng", en: "it is out of service")
        case .latched:
            language(
                vi: "điều kiện hết từ \(since); chờ đặt lại bằng tay",
                en: "the condition has been gone since \(since), and the rule wants it reset by hand")
        case .returned:
            language(
                vi: "điều kiện hết từ \(since); chưa ai xác nhận đã thấy",
                en: "the condition has been gone since \(since); nobody has acknowledged that it was there")
        }
    }
}
