import Store
import Telemetry

/// What a replay of rules came to.
struct RuleReplayReport {
    struct Row: Encodable {
        var rule: String
        var priority: String
        /// Since when it is judged; nil if history is too short for it.
        var judgedFromMs: Milliseconds?
        /// Times it would have been announced.
        var announced = 0
        var devices = 0
        /// The most in ten minutes.
        var peakTenMinutes = 0
    }

    struct Transition: Encodable {
        var atMs: Milliseconds
        var recordedMs: Milliseconds
        var rule: String
        var device: String
        var state: String
        var cause: String
        var value: Double?
        var limitValue: Double?
        var summaryVi: String
        var summaryEn: String
    }

    struct Answer: Encodable {
        var fromMs: Milliseconds
        var toMs: Milliseconds
        var readings: Int
        var peakTenMinutes: Int
        var rules: [Row]
        var timeline: [Transition]
    }

    private let rules: [AlertRule]
    private let range: Range<Milliseconds>
    private(set) var readings = 0
    private var judgedFrom: [String: Milliseconds] = [:]
    private var all = FloodMeter()
    private var meters: [String: FloodMeter] = [:]
    private var announced: [String: Int] = [:]
    private var devices: [String: Set<String>] = [:]
    private var timeline: [Transition] = []

    init(rules: [AlertRule], range: Range<Milliseconds>) {
        self.rules = rules
        self.range = range
    }

    /// Rules that were judged together.
    /// - Parameter start: of the history they saw.
    mutating func note(_ part: [AlertRule], from start: Milliseconds, readings: Int) {
        self.readings = max(self.readings, readings)
        guard start < range.upperBound else { return }
        for rule in part { judgedFrom[rule.name] = max(start, range.lowerBound) }
    }

    /// - Parameter at: of the commit; they come in order.
    mutating func add(_ event: AlertEvent, at: Milliseconds) {
        let rule = event.identity.rule
        timeline.append(
            Transition(
                atMs: event.at, recordedMs: at, rule: rule, device: event.identity.scope,
                state: event.to.rawValue,
                cause: event.cause.rawValue, value: event.value, limitValue: event.limit,
                summaryVi: event.summary.vi, summaryEn: event.summary.en))
        guard event.to == .unacknowledged else { return }
        all.note(at: at)
        meters[rule, default: FloodMeter()].note(at: at)
        announced[rule, default: 0] += 1
        devices[rule, default: []].insert(event.identity.scope)
    }

    var answer: Answer {
        let rows = rules.map { rule in
            Row(
                rule: rule.name, priority: rule.priority.rawValue, judgedFromMs: judgedFrom[rule.name],
                announced: announced[rule.name] ?? 0, devices: devices[rule.name]?.count ?? 0,
                peakTenMinutes: meters[rule.name]?.peak ?? 0)
        }
        return Answer(
            fromMs: range.lowerBound, toMs: range.upperBound, readings: readings, peakTenMinutes: all.peak,
            rules: rows.sorted { ($1.announced, $0.rule) < ($0.announced, $1.rule) }, timeline: timeline)
    }

    func text(_ rendering: Rendering, timeline isWanted: Bool) -> String {
        let language = rendering.language
        let answer = answer
        let total = answer.rules.reduce(0) { $0 + $1.announced }
        let heading = language(
            vi: "\(total) cảnh báo từ \(readings) số đo, nhiều nhất \(answer.peakTenMinutes) trong 10 phút",
            en: "\(total) alerts of \(readings) readings, \(answer.peakTenMinutes) at most in 10 minutes")
        let span = "\(rendering.time(range.lowerBound)) – \(rendering.time(range.upperBound))"
        var text = rendering.text([StyledLine("\(heading)  \(span)", .bold), StyledLine()])
        text += rendering.text(table(answer.rules, rendering))
        if isWanted, !timeline.isEmpty { text += "\n" + rendering.text(lines(rendering)) }
        return text
    }

    private func table(_ rows: [Row], _ rendering: Rendering) -> Table {
        let language = rendering.language
        var table = Table(columns: [
            .init(title: language(vi: "luật", en: "rule")),
            .init(title: language(vi: "mức", en: "priority")),
            .init(title: language(vi: "xét từ", en: "judged from")),
            .init(title: language(vi: "số lần", en: "alerts"), alignment: .right),
            .init(title: language(vi: "thiết bị", en: "devices"), alignment: .right),
            .init(title: language(vi: "nhiều nhất/10 phút", en: "most/10 min"), alignment: .right),
        ])
        for row in rows {
            table.add(
                .init(row.rule, .bold), .init(AlertPriority.spoken(row.priority, language)),
                .init(rendering.time(row.judgedFromMs)), .init("\(row.announced)"), .init("\(row.devices)"),
                .init("\(row.peakTenMinutes)"))
        }
        return table
    }

    private func lines(_ rendering: Rendering) -> Table {
        let language = rendering.language
        var table = Table(columns: [
            .init(title: language(vi: "lúc", en: "at")), .init(title: language(vi: "luật", en: "rule")),
            .init(title: language(vi: "thiết bị", en: "device")),
            .init(title: language(vi: "thành", en: "to")),
            .init(title: language(vi: "giá trị", en: "value"), alignment: .right),
            .init(title: language(vi: "nội dung", en: "summary"), isFlexible: true),
        ])
        for event in timeline {
            table.add(
                .init(rendering.time(event.atMs)), .init(event.rule, .bold), .init(event.device),
                .init(AlertState.spoken(event.state, language)),
                .init(event.value.map(AlertText.number) ?? ""),
                .init(Title(vi: event.summaryVi, en: event.summaryEn)[language]))
        }
        return table
    }
}
