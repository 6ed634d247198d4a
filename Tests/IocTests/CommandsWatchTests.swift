import Console
import Telemetry
import Testing

@testable import Store
@testable import ioc

@Suite("The live screen")
struct CommandsWatchTests {
    private let now = CommandsFilledStore.now

    private func alert(_ id: Int64, _ state: AlertState, _ priority: AlertPriority, raised: Int64 = 0)
        -> OpenAlert
    {
        OpenAlert(
            id: id, rule: "SpeedLow", device: "jr-00\(id)", ward: "phu-hoi", priority: priority, state: state,
            raised: now + raised, summary: Title(vi: "Nút giao \(id): chậm", en: "Junction \(id): slow"))
    }

    private func answer(_ alert: OpenAlert) -> AlertAnswer {
        AlertAnswer(
            id: alert.id, rule: alert.rule, device: alert.device, domain: "works", ward: alert.ward,
            priority: alert.priority.rawValue, state: alert.state.rawValue, onsetMs: alert.raised,
            raisedMs: alert.raised,
            changedMs: alert.raised, value: nil, limitValue: nil, summaryVi: alert.summary.vi,
            summaryEn: alert.summary.en,
            acknowledgedBy: nil, comment: nil, lead: "works-control")
    }

    private func event(
        _ id: Int64, alert: Int64, _ from: AlertState, _ to: AlertState, cause: AlertCause = .condition
    ) -> StreamNews {
        .event(
            AlertEventAnswer(
                id: id, alert: alert, rule: "SpeedLow", device: "jr-00\(alert)", domain: "works",
                ward: "phu-hoi",
                priority: "medium", fromState: from.rawValue, toState: to.rawValue, cause: cause.rawValue,
                atMs: now + id * 1_000, recordedMs: now, value: 7, limitValue: 8, summaryVi: "chậm",
                summaryEn: "slow",
                operator: cause == .acknowledge ? "Lan" : nil, comment: nil, ruleVersion: ""), json: "")
    }

    /// Connected, with these alerts.
    private func state(_ alerts: OpenAlert...) -> WatchState {
        var state = WatchState(language: .en)
        _ = state.take(.open(isResumed: false))
        state.take(list: .success(alerts.map(answer)))
        return state
    }

    private func screen(_ state: WatchState, columns: Int = 100, rows: Int = 20) -> [StyledLine] {
        let rendering = Rendering(
            language: state.language, width: columns, paint: Paint(isOn: false),
            clock: LocalTime(zone: CommandsFilledStore.zone),
            now: now + Span.minute)
        return WatchScreen(
            state: state, rendering: rendering, size: (columns, rows), address: "127.0.0.1:8180"
        ).lines()
    }

    @Test("unacknowledged come first, then returned, then acknowledged; within by priority, then the newest")
    func order() {
        let wanted = [
            alert(1, .unacknowledged, .critical), alert(2, .unacknowledged, .high, raised: 5),
            alert(4, .unacknowledged, .high), alert(3, .unacknowledged, .high),
            alert(5, .returned, .critical),
            alert(6, .returned, .low), alert(7, .acknowledged, .critical), alert(8, .acknowledged, .medium),
        ]
        for _ in 0..<20 { #expect(ConsoleOrder.sorted(wanted.shuffled()) == wanted) }
    }

    @Test("an event moves its alert, and one that is over leaves the list")
    func events() {
        var state = state(alert(1, .unacknowledged, .medium), alert(2, .unacknowledged, .low))
        #expect(state.take(event(9, alert: 1, .unacknowledged, .acknowledged, cause: .acknowledge)) == [])
        #expect(state.alerts.map(\.id) == [2, 1])
        #expect(state.alerts[1].raised == now)
        #expect(state.take(event(10, alert: 3, .normal, .unacknowledged)) == [.ring])
        #expect(state.alerts.map(\.id) == [3, 2, 1])
        _ = state.take(event(11, alert: 1, .acknowledged, .normal, cause: .conditionGone))
        #expect(state.alerts.map(\.id) == [3, 2])
        #expect(state.take(event(12, alert: 2, .acknowledged, .unacknowledged, cause: .unacknowledge)) == [])
    }

    @Test("events that came while the list was on its way are not undone by it")
    func listing() {
        var state = WatchState(language: .en)
        #expect(state.take(.open(isResumed: false)) == [.list])
        _ = state.take(event(9, alert: 1, .unacknowledged, .acknowledged, cause: .acknowledge))
        state.take(list: .success([answer(alert(1, .unacknowledged, .medium))]))
        #expect(state.alerts.map(\.state) == [.acknowledged])
    }

    @Test("a list that could not be had is asked for again once the service answers")
    func failedList() {
        var state = WatchState(language: .en)
        _ = state.take(.open(isResumed: false))
        state.take(list: .failure(CommandError("no")))
        #expect(state.message == "no")
        #expect(state.take(status: nil) == [])
    }

    @Test("the selection stays on its alert, and is gone with it")
    func selection() {
        var state = state(
            alert(1, .unacknowledged, .medium), alert(2, .unacknowledged, .low), alert(3, .acknowledged, .low)
        )
        #expect(state.take(.letter("a"), page: 5) == [])
        _ = state.take(.down, page: 5)
        #expect(state.selection.id == 1)
        _ = state.take(event(9, alert: 7, .normal, .unacknowledged))
        #expect(state.selection.id == 1)
        _ = state.take(event(10, alert: 1, .unacknowledged, .normal))
        #expect(state.selection.id == nil)
        #expect(state.take(.letter("a"), page: 5) == [])
        _ = state.take(.last, page: 5)
        #expect(state.selection.id == 3)
        _ = state.take(.first, page: 5)
        #expect(state.selection.id == 7)
    }

    @Test("acknowledging goes on to the next, and not twice")
    func acknowledge() {
        var state = state(
            alert(1, .unacknowledged, .medium), alert(2, .returned, .low), alert(3, .acknowledged, .low))
        _ = state.take(.down, page: 5)
        #expect(state.take(.letter("a"), page: 5) == [.acknowledge(1)])
        #expect(state.take(.letter("a"), page: 5) == [.acknowledge(2)])
        #expect(state.take(.letter("a"), page: 5) == [])
        #expect(state.message == "#3 is acknowledged already")
        state.take(acknowledged: 2, .failure(CommandError("alert 2: is normal")))
        #expect(state.message == "alert 2: is normal")
        #expect(state.take(.letter("q"), page: 5) == [.quit])
        #expect(state.take(.interrupt, page: 5) == [.quit])
    }

    @Test("keys are understood as terminals send them")
    func keys() {
        #expect(
            Key.parse(Array("\u{1B}[A\u{1B}OBq\u{1B}[5~\u{1B}[6~\u{3}".utf8)) == [
                .up, .down, .letter("q"), .pageUp, .pageDown, .interrupt,
            ])
        #expect(Key.parse(Array("\u{1B}[1;5A".utf8)) == [.up])
        #expect(Key.parse(Array("\u{1B}".utf8)) == [])
        #expect(Key.parse(Array("ế\r\n".utf8)) == [])
    }

    @Test(
        "the screen has as many lines as the terminal, none too wide",
        arguments: [(100, 20), (40, 8), (20, 5), (8, 3), (200, 60)])
    func size(columns: Int, rows: Int) {
        var state = state(alert(1, .unacknowledged, .critical), alert(2, .acknowledged, .low))
        for number in 0..<40 {
            _ = state.take(event(Int64(number), alert: Int64(10 + number), .normal, .unacknowledged))
        }
        _ = state.take(.last, page: 5)
        let lines = screen(state, columns: columns, rows: rows)
        #expect(lines.count == rows)
        #expect(lines.allSatisfy { $0.width <= columns })
        if columns >= 100 { #expect(lines.contains { $0.text.hasPrefix("▶") }) }
    }

    @Test("the screen speaks the chosen language")
    func languages() {
        var state = state(alert(1, .unacknowledged, .critical))
        #expect(
            screen(state)[5].text.split(separator: " ").joined(separator: " ").hasPrefix(
                "1 unacked critical 08:02:03 1m phu-hoi jr-001 Junction 1: slow"))
        _ = state.take(.letter("t"), page: 5)
        let lines = screen(state).map(\.text)
        #expect(
            lines[5].contains("chưa nhận") && lines[5].contains("khẩn cấp")
                && lines[5].contains("Nút giao 1: chậm"))
        #expect(lines.last?.contains("q thoát") == true)
    }

    @Test("on a narrow screen the summary has the room of the ward")
    func narrow() {
        let lines = screen(state(alert(1, .unacknowledged, .critical)), columns: 60)
        #expect(!lines[4].text.contains("ward"))
        #expect(lines[5].text.contains("Junction"))
    }

    @Test("a lost service is said in the header, with when it is tried again")
    func lost() {
        var state = state(alert(1, .unacknowledged, .critical))
        let failure = ServiceFailure(
            kind: .unreachable(reason: "connection refused"), url: "http://x", language: .en)
        _ = state.take(.lost(failure, retryIn: .milliseconds(500)))
        let header = screen(state, columns: 200)[0].text
        #expect(header.contains("does not answer (connection refused)"))
        #expect(header.contains("trying again in 0.5 s"))
        #expect(state.alerts.count == 1)
    }

    @Test("a line tells time, change, priority, rule, device and summary")
    func line() {
        guard
            case .event(let event, _) = event(
                0, alert: 1, .unacknowledged, .acknowledged, cause: .acknowledge)
        else { return }
        let rendering = Rendering(
            language: .en, width: nil, paint: Paint(isOn: false),
            clock: LocalTime(zone: CommandsFilledStore.zone), now: now)
        #expect(
            EventLine.full(event, rendering).text
                == "2026-01-05 08:02:03  unacked → acked  medium  SpeedLow  jr-001  slow  (Lan)")
    }

    @Test("losses that do not add up are said aloud")
    func unaccounted() {
        let loss = LossAnswer(
            source: "mqtt-qos1", domain: "works", received: 10, stored: 7, rejected: 1, duplicate: 0,
            dropped: 0, readings: 7,
            late: 0, bad: 0, duplicateReadings: 0, unaccounted: 2)
        #expect(LossCounters([loss]).unaccounted == 2)
        #expect(LossCounters([loss]).sentence(.en).hasSuffix("+ UNACCOUNTED 2"))
    }
}
