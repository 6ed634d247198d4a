import Catalog
import Console
import Foundation
import Pipeline
import ServiceLifecycle
import Store
import Telemetry

/// The demo's live picture: redrawn every second on a terminal, a line every five seconds in a pipe.
struct DemoPicture: Service {
    let status: StatusSource
    let simulation: GatewaySimulation
    let zone: ZoneOffsets
    let language: Language
    let address: @Sendable () -> String
    let tokenPath: String
    /// nil runs until it is stopped.
    let duration: Double?

    private static let alertLines = 12

    func run() async throws {
        let isTerminal = isatty(STDOUT_FILENO) == 1
        let interval = isTerminal ? 1.0 : 5.0
        try await cancelWhenGracefulShutdown {
            let start = SystemClock.ticks()
            while !Task.isCancelled {
                let elapsed = Double(SystemClock.ticks() - start) / 1_000_000
                if let duration, elapsed >= duration { return }
                try draw(isTerminal)
                let rest = min(interval, (duration ?? .infinity) - elapsed)
                try? await Task.sleep(for: .seconds(max(rest, 0.05)))
            }
        }
    }

    private func draw(_ isTerminal: Bool) throws {
        let answer = try status.answer()
        if isTerminal {
            let columns = Terminal.standardOutput().size?.columns ?? 80
            let lines = try screen(answer).map { $0.fitted(to: columns).redrawn(paint, width: columns) }
            // Home, then the lines, then everything below erased.
            write("\u{1B}[H" + lines.map { $0 + "\n" }.joined() + "\u{1B}[J")
        } else {
            write(line(answer) + "\n")
        }
    }

    private func line(_ answer: StatusAnswer) -> String {
        let sum = LossCounters(answer.losses)
        let messages = Int(answer.messagesPerSecond.rounded())
        let open = answer.openAlerts.values.reduce(0, +)
        return language(
            vi:
                "\(messages) tin/s · \(sum.sentence(.vi)) · an toàn đến \(time(answer.safeUpToMs)) · \(open) cảnh báo mở",
            en:
                "\(messages) messages/s · \(sum.sentence(.en)) · safe up to \(time(answer.safeUpToMs)) · \(open) open alerts"
        ) + " · http://\(address())"
    }

    private func screen(_ answer: StatusAnswer) throws -> [StyledLine] {
        let heading = language(vi: "ioc demo · Ctrl-C kết thúc tất cả", en: "ioc demo · Ctrl-C ends it all")
        return [StyledLine(heading, .bold), StyledLine()] + figures(answer) + [StyledLine()]
            + (try alerts(answer.openAlerts.values.reduce(0, +), answer.nowMs)) + [StyledLine()] + ways()
    }

    private func figures(_ answer: StatusAnswer) -> [StyledLine] {
        let sum = LossCounters(answer.losses)
        let sent = simulation.snapshot()
        let commit = AlertText.number(answer.lastCommitMs)
        let (messages, readings) = (
            Int(answer.messagesPerSecond.rounded()), Int(answer.readingsPerSecond.rounded())
        )
        return [
            row(
                language(vi: "cổng kết nối", en: "gateways"),
                language(
                    vi: "gửi \(sent.sent), broker đã xác nhận \(sent.acknowledged)",
                    en: "\(sent.sent) sent, \(sent.acknowledged) acknowledged by the broker")),
            row(
                language(vi: "tốc độ", en: "rates"),
                language(
                    vi: "\(messages) tin/s, \(readings) giá trị/s",
                    en: "\(messages) messages/s, \(readings) readings/s")),
            row(
                language(vi: "an toàn đến", en: "safe up to"),
                time(answer.safeUpToMs)
                    + language(vi: "   (ghi mất \(commit) ms)", en: "   (a commit takes \(commit) ms)")),
            row(language(vi: "tin", en: "messages"), sum.sentence(language)),
            row(
                language(vi: "giá trị", en: "readings"),
                language(
                    vi: "lưu \(sum.readings), trong đó \(sum.late) đến trễ, \(sum.bad) sai",
                    en: "\(sum.readings) stored, \(sum.late) of them late, \(sum.bad) bad")),
            row(language(vi: "thiết bị", en: "devices"), FreshnessCounts.line(answer.devices, language)),
            row(
                language(vi: "cảnh báo mở", en: "open alerts"),
                PriorityCounts.line(answer.openAlerts, language)),
        ]
    }

    /// - Parameter count: of all that are open.
    private func alerts(_ count: Int, _ now: Milliseconds) throws -> [StyledLine] {
        let found = try status.store.reader.alerts(isOpen: true, limit: Self.alertLines)
        let open = ConsoleOrder.sorted(found.compactMap(OpenAlert.init))
        let size = Terminal.standardOutput().size
        let rendering = Rendering(
            language: language, width: size?.columns, paint: paint, clock: LocalTime(zone: zone), now: now)
        let lines = OpenAlertTable.table(open, rendering).lines(width: size?.columns)
        let rest = count - open.count
        guard rest > 0 else { return lines }
        return lines + [StyledLine(language(vi: "… và \(rest) cảnh báo nữa", en: "… and \(rest) more"), .dim)]
    }

    /// Where to go from here.
    private func ways() -> [StyledLine] {
        let directory = status.settings.data.directory
        let token = language(vi: "mã truy cập ở", en: "token in")
        return [
            row("API", "http://\(address())/api/v1/alerts    \(token) \(tokenPath)"),
            row(
                language(vi: "luồng cảnh báo", en: "alert stream"),
                "ioc watch --url http://\(address()) --data-dir \(directory)"),
            row(
                language(vi: "cơ sở dữ liệu", en: "database"),
                "sqlite3 \(Store.path(in: directory)) 'select * from v_rollup_1h limit 5'"),
        ]
    }

    private func row(_ name: String, _ text: String) -> StyledLine { row(name, StyledLine(text)) }

    private func row(_ name: String, _ value: StyledLine) -> StyledLine {
        value.indented(DisplayWidth.pad(name, to: 16, .left))
    }

    private var paint: Paint { Terminal.standardOutput().paint }

    private func time(_ time: Milliseconds) -> String {
        time <= 0 ? "–" : LocalTime(zone: zone).clock(time)
    }

    private func write(_ text: String) { FileHandle.standardOutput.write(Data(text.utf8)) }
}
