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
            let lines = try screen(answer)
            // Home, then each line with its rest erased, then everything below.
            write("\u{1B}[H" + lines.map { $0 + "\u{1B}[K\n" }.joined() + "\u{1B}[J")
        } else {
            write(line(answer) + "\n")
        }
    }

    private func line(_ answer: StatusAnswer) -> String {
        let sum = LossCounters(answer.losses)
        return
            "messages/s \(Int(answer.messagesPerSecond.rounded())) · stored \(sum.stored) · rejected \(sum.rejected)"
            + " · duplicate \(sum.duplicate) · dropped \(sum.dropped) · safe up to \(time(answer.safeUpToMs))"
            + " · open alerts \(answer.openAlerts.values.reduce(0, +)) · http://\(address())"
    }

    private func screen(_ answer: StatusAnswer) throws -> [String] {
        let sum = LossCounters(answer.losses)
        let sent = simulation.snapshot()
        var lines = [
            "ioc demo · Ctrl-C ends it all", "",
            "gateways      \(sent.sent) sent, \(sent.acknowledged) acknowledged by the broker",
            "rates         \(Int(answer.messagesPerSecond.rounded())) messages/s, \(Int(answer.readingsPerSecond.rounded())) readings/s",
            "safe up to    \(time(answer.safeUpToMs))   (a commit takes \(AlertText.number(answer.lastCommitMs)) ms)",
            "messages      \(sum.received) received = \(sum.stored) stored + \(sum.rejected) rejected + \(sum.duplicate) duplicate + \(sum.dropped) dropped",
            "readings      \(sum.readings) stored, \(sum.late) of them late, \(sum.bad) bad",
            "devices       " + Self.counts(answer.devices), "open alerts   " + Self.counts(answer.openAlerts),
            "",
        ]
        lines += try alerts()
        lines += [
            "", "API           http://\(address())/api/v1/alerts    token in \(tokenPath)",
            "alert stream  ioc watch --url http://\(address()) --data-dir \(status.settings.data.directory)",
            "database      sqlite3 \(Store.path(in: status.settings.data.directory)) 'select * from v_rollup_1h limit 5'",
        ]
        return lines
    }

    private func alerts() throws -> [String] {
        let open = try status.store.reader.alerts(isOpen: true)
        let shown = open.prefix(Self.alertLines).map { alert in
            let colour =
                ["critical": "\u{1B}[97;41m", "high": "\u{1B}[31m", "medium": "\u{1B}[33m"][alert.priority]
                ?? "\u{1B}[36m"
            let name = alert.priority.padding(toLength: 9, withPad: " ", startingAt: 0)
            let state = alert.state.padding(toLength: 15, withPad: " ", startingAt: 0)
            return
                "\(Self.hasColour ? colour : "")\(name)\(Self.hasColour ? "\u{1B}[0m" : "") \(state) \(time(alert.onsetMs))  \(alert.summaryVi)"
        }
        let rest = open.count - shown.count
        return shown + (rest > 0 ? ["… and \(rest) more"] : [])
    }

    private static var hasColour: Bool { ProcessInfo.processInfo.environment["NO_COLOR"] == nil }

    private static func counts(_ counts: [String: Int]) -> String {
        counts.isEmpty
            ? "none"
            : counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
    }

    private func time(_ time: Milliseconds) -> String {
        time <= 0
            ? "-" : String(Civil.iso8601(time + zone.offset(at: time), suffix: "").dropFirst(11).prefix(8))
    }

    private func write(_ text: String) { FileHandle.standardOutput.write(Data(text.utf8)) }
}
