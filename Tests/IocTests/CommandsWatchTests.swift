import Testing

@testable import Console
@testable import Store
@testable import Telemetry
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

    private func news(
        _ id: Int64, alert: Int64, _ kind: ConsoleAnnouncement.Kind = .alert, count: Int? = nil
    ) -> StreamNews {
        .announcement(
            ConsoleAnnouncement(
                kind: kind, atMs: now + id * 1_000, event: id,
                alert: kind == .floodEnded ? nil : consoleEvent(id, alert: alert), count: count))
    }

    private func consoleEvent(_ id: Int64, alert: Int64, at time: Int64 = 0) -> ConsoleEvent {
        ConsoleEvent(
            id: id, alert: alert, rule: "SpeedLow", device: "jr-\(alert)", domain: "works",
            ward: "ward-\(alert % 30)", priority: .high, state: .unacknowledged, cause: .condition,
            recordedMs: now + time, summaryVi: "Nút giao \(alert): chậm", summaryEn: "Junction \(alert): slow"
        )
    }

    /// A flood of so many alerts.
    private func flood(_ count: Int) -> ConsolePicture {
        var view = ConsoleView()
        for id in 1...count { view.take(consoleEvent(Int64(id), alert: Int64(id), at: Int64(id) / 10)) }
        return ConsolePicture(view, open: ["unacknowledged": count], priorities: ["high": count])
    }

    /// Connected, with these alerts.
    private func state(_ alerts: OpenAlert...) -> WatchState {
        var state = WatchState(language: .en)
        _ = state.take(.open(isResumed: false))
        #expect(state.take(list: .success(alerts.map(answer))) == [])
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

    @Test("what is announced rings and is shown; the list is asked for when something has happened")
    func announcements() {
        var state = state(alert(1, .unacknowledged, .medium))
        #expect(state.take(news(9, alert: 3)) == [.ring])
        #expect(state.news.map(\.event) == [9])
        var picture = ConsolePicture(ConsoleView(), open: ["unacknowledged": 2], priorities: [:])
        picture.lastEvent = 9
        #expect(state.take(.picture(picture)) == [.list])
        // While that is on its way something else happens: it is asked for again afterwards.
        picture.lastEvent = 10
        #expect(state.take(.picture(picture)) == [])
        #expect(state.take(list: .success([answer(alert(3, .unacknowledged, .low))])) == [.list])
        #expect(state.take(list: .success([])) == [])
        #expect(state.take(.picture(picture)) == [])
    }

    @Test("the bell rings again every half minute until something is taken, or it is off")
    func bell() {
        var state = state(alert(1, .unacknowledged, .medium))
        #expect(state.take(tick: now) == [])
        #expect(state.take(news(9, alert: 1)) == [.ring])
        #expect(state.take(tick: now) == [])
        #expect(state.take(tick: now + 29_999) == [])
        #expect(state.take(tick: now + 30_000) == [.ring])
        #expect(state.take(tick: now + 60_000) == [.ring])
        _ = state.take(done: 1, .acknowledge, .success(()))
        #expect(state.take(tick: now + 90_000) == [])
        _ = state.take(.letter("m"), page: 5)
        #expect(state.take(news(10, alert: 2)) == [])
        #expect(screen(state).contains { $0.text.contains("bell off") })
        #expect(state.take(news(11, alert: 0, .floodEnded, count: 12)) == [])
    }

    @Test("a flood is shown in groups below what is pinned, and as single alerts when asked")
    func floodScreen() {
        var state = state(alert(7, .unacknowledged, .low))
        _ = state.take(.picture(flood(600)))
        _ = state.take(news(10, alert: 10, .floodBegan, count: 10))
        var lines = screen(state, columns: 120, rows: 40).map(\.text)
        #expect(lines[3].contains("FLOOD since 08:02:03: 600 alerts"))
        #expect(lines[5].contains("Junction 1: slow"))
        #expect(
            lines.contains {
                $0.contains("600") && $0.contains("SpeedLow") && $0.contains("#1 08:02:03 jr-1")
            })
        #expect(lines.contains { $0.contains("open 600: 600 unacked") })
        #expect(lines.contains { $0.contains("FLOOD: 10 alerts, grouped from now on") })
        // Keys are for what is pinned.
        _ = state.take(.down, page: 5)
        #expect(state.take(.letter("a"), page: 5) == [.act(1, .acknowledge, comment: nil)])
        _ = state.take(.letter("g"), page: 5)
        lines = screen(state, columns: 120, rows: 40).map(\.text)
        #expect(lines[5].contains("Junction 7: slow"))
        for columns in [20, 80, 200] {
            _ = state.take(.letter("g"), page: 5)
            #expect(screen(state, columns: columns, rows: 24).allSatisfy { $0.width <= columns })
        }
    }

    @Test("shelving asks for how long and why, and escape leaves everything as it was")
    func shelve() {
        var state = state(alert(1, .unacknowledged, .medium))
        func type(_ text: String) { for letter in text { _ = state.take(.letter(letter), page: 5) } }
        _ = state.take(.down, page: 5)
        _ = state.take(.letter("s"), page: 5)
        #expect(screen(state).contains { $0.text.contains("shelve #1 for how long (1m–12h): 1h") })
        for _ in 0..<2 { _ = state.take(.backspace, page: 5) }
        type("13h")
        #expect(state.take(.enter, page: 5) == [])
        #expect(state.message == "13h: expected whole minutes, 1m to 12h")
        _ = state.take(.letter("s"), page: 5)
        #expect(state.take(.enter, page: 5) == [])
        #expect(state.take(.enter, page: 5) == [])
        #expect(state.message == "not shelved: it needs a reason")
        _ = state.take(.letter("s"), page: 5)
        _ = state.take(.enter, page: 5)
        type("cảm biến hỏng")
        #expect(
            state.take(.enter, page: 5) == [
                .act(1, .shelve(minutes: 60, isOneShot: false), comment: "cảm biến hỏng")
            ])
        _ = state.take(.letter("A"), page: 5)
        type("q")
        #expect(state.take(.escape, page: 5) == [])
        #expect(state.prompt == nil)
    }

    @Test("those that are set aside are a list of their own, from which they are taken back")
    func hidden() {
        var state = state(alert(1, .unacknowledged, .medium))
        #expect(state.take(.letter("v"), page: 5) == [.list])
        #expect(state.alerts.isEmpty)
        _ = state.take(
            list: .success([answer(alert(2, .shelved, .medium)), answer(alert(3, .outOfService, .low))]))
        _ = state.take(.down, page: 5)
        #expect(state.take(.letter("u"), page: 5) == [.act(2, .unshelve, comment: nil)])
        #expect(state.take(.letter("u"), page: 5) == [])
        #expect(state.message.contains("#3 is not shelved"))
        #expect(state.take(.letter("v"), page: 5) == [.list])
    }

    @Test("a filter is typed in words, and everything is asked for anew")
    func filter() {
        var state = state(alert(1, .unacknowledged, .medium))
        var status = StatusAnswer.of(now)
        status.floods = [FloodAnswer(domain: "works", isFlood: false, sinceMs: nil, count: 0)]
        _ = state.take(status: status)
        // It may be out of reach for a moment.
        _ = state.take(status: nil)
        _ = state.take(.letter("/"), page: 5)
        for letter in "high works phu-hoi" { _ = state.take(.letter(letter), page: 5) }
        #expect(state.take(.enter, page: 5) == [.list, .follow])
        #expect(state.filter == WatchFilter(domain: "works", ward: "phu-hoi", priority: .high))
        #expect(state.filter.query.map(\.value) == ["works", "phu-hoi", "high"])
        #expect(screen(state).contains { $0.text.contains("[works phu-hoi high]") })
        #expect(WatchFilter("khẩn-cấp", domains: []).priority == .critical)
    }

    @Test("what was just said has the line for itself where the counts leave no room")
    func longMessage() {
        var state = state(alert(1, .unacknowledged, .medium))
        _ = state.take(.picture(flood(9)))
        state.message = String(repeating: "x", count: 70)
        #expect(screen(state, columns: 80).contains { $0.text == " " + state.message })
        #expect(screen(state, columns: 120).contains { $0.text.hasPrefix(" open 9: 9 unacked   xxx") })
    }

    @Test("groups that the screen has no room for are counted")
    func moreGroups() {
        var state = state()
        _ = state.take(.picture(flood(12)))
        let lines = screen(state, columns: 80).map(\.text)
        // Announcements name no ward, what is pinned no rule.
        let shown = lines.count { $0.contains("SpeedLow") && $0.contains("ward-") }
        #expect(lines.contains("  … \(12 - shown) more groups; g: single alerts") && lines.count == 20)
        #expect(!screen(state, rows: 40).contains { $0.text.contains("more groups") })
    }

    @Test("explanation, history and help lie over the list until a key closes them")
    func overlay() {
        var state = state(alert(1, .unacknowledged, .medium))
        _ = state.take(.down, page: 5)
        #expect(state.take(.enter, page: 5) == [.explain(1)])
        #expect(state.take(.letter("h"), page: 5) == [.history(1)])
        state.take(text: .success((1...50).map { "line \($0)" }.joined(separator: "\n") + "\n"))
        _ = state.take(.down, page: 5)
        #expect(screen(state)[4].text == "  line 2")
        #expect(screen(state).allSatisfy { !$0.text.contains("Junction") })
        #expect(state.take(.letter("a"), page: 5) == [])
        #expect(screen(state)[5].text.contains("Junction 1"))
        _ = state.take(.letter("?"), page: 5)
        #expect(screen(state).contains { $0.text.contains("acknowledge with a comment") })
        state.take(text: .failure(CommandError("no rules here")))
        #expect(state.message == "no rules here")
    }

    @Test("a list that could not be had is asked for again once the service answers")
    func failedList() {
        var state = WatchState(language: .en)
        _ = state.take(.open(isResumed: false))
        #expect(state.take(list: .failure(CommandError("no"))) == [])
        #expect(state.message == "no")
        #expect(state.take(status: nil) == [])
        #expect(state.take(status: StatusAnswer.of(now)) == [.list])
    }

    @Test("the selection stays on its alert, and is gone with it")
    func selection() {
        var state = state(
            alert(1, .unacknowledged, .medium), alert(2, .unacknowledged, .low), alert(3, .acknowledged, .low)
        )
        #expect(state.take(.letter("a"), page: 5) == [])
        _ = state.take(.down, page: 5)
        #expect(state.selection.id == 1)
        let new = answer(alert(7, .unacknowledged, .critical))
        let two = answer(alert(2, .unacknowledged, .low))
        _ = state.take(list: .success([new, answer(alert(1, .unacknowledged, .medium)), two]))
        #expect(state.selection.id == 1)
        _ = state.take(list: .success([new, two, answer(alert(3, .acknowledged, .low))]))
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
        #expect(state.take(.letter("a"), page: 5) == [.act(1, .acknowledge, comment: nil)])
        #expect(state.take(.letter("a"), page: 5) == [.act(2, .acknowledge, comment: nil)])
        #expect(state.take(.letter("a"), page: 5) == [])
        #expect(state.message == "#3 is acknowledged already")
        #expect(state.take(done: 2, .acknowledge, .failure(CommandError("alert 2: is normal"))) == [])
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
        #expect(Key.parse(Array("\u{1B}".utf8)) == [.escape])
        #expect(Key.parse(Array("ế ậ\r\n".utf8)) == [.letter("ế"), .letter(" "), .letter("ậ"), .enter])
        #expect(Key.parse(Array("\n\r\n\n".utf8)) == [.enter, .enter, .enter])
        #expect(Key.parse([0x7F, 8, 0xFF]) == [.backspace, .backspace])
        #expect(Key.parse(Array("\u{202E}".utf8)) == [])
    }

    @Test(
        "the screen has as many lines as the terminal, none too wide",
        arguments: [(100, 20), (40, 8), (20, 5), (8, 3), (200, 60)])
    func size(columns: Int, rows: Int) {
        var state = state(alert(1, .unacknowledged, .critical), alert(2, .acknowledged, .low))
        for number in 0..<40 {
            _ = state.take(news(Int64(number), alert: Int64(10 + number)))
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

extension StatusAnswer {
    /// Of a service that has nothing to tell.
    fileprivate static func of(_ now: Milliseconds) -> StatusAnswer {
        StatusAnswer(
            version: "1", startedMs: now, nowMs: now,
            broker: Broker(address: "b", isConnected: true, fault: nil),
            safeUpToMs: now, messagesPerSecond: 0, readingsPerSecond: 0, commits: 0, failedCommits: 0,
            lastCommitMs: 0, longestCommitMs: 0, storageFault: nil, devices: [:], openAlerts: [:], losses: [],
            gaps: [],
            databaseBytes: 0, walBytes: 0, rejectedByReason: [:], limits: [],
            notifications: NotificationCounts(waiting: 0, troubled: 0, failed: 0))
    }
}
