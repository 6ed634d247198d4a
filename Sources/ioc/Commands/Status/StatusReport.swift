import Console
import Store
import Telemetry

/// The service, or what its database knows, on one screen.
struct StatusReport {
    private let rendering: Rendering
    private var language: Language { rendering.language }

    /// Gaps shown; all are in JSON.
    private static let shownGaps = 5

    init(_ rendering: Rendering) { self.rendering = rendering }

    func text(_ status: StatusAnswer, service: String) -> String {
        var lines = head(status, service) + rates(status)
        lines += counts(status.devices, status.openAlerts, status.databaseBytes, status.walBytes)
        lines += floods(status.floods) + notifications(status.notifications)
        lines += limits(status.limits) + losses(status.losses) + gaps(status.gaps)
        return fitted(lines)
    }

    func text(_ stored: StoredStatus) -> String {
        let note = language(
            vi: "Không hỏi được dịch vụ; đây là những gì cơ sở dữ liệu biết.",
            en: "The service could not be asked; this is what its database knows.")
        var lines = [StyledLine(note, .yellow)]
        lines += counts(stored.devices, stored.openAlerts, stored.databaseBytes, stored.walBytes)
        lines += notifications(stored.notifications) + losses(stored.losses) + gaps(stored.gaps)
        return fitted(lines)
    }

    private func head(_ status: StatusAnswer, _ service: String) -> [StyledLine] {
        let uptime = LocalTime.age(status.nowMs - status.startedMs)
        let since = language(vi: "chạy từ", en: "since")
        var lines = [
            row(
                language(vi: "địa chỉ", en: "address"),
                "\(service) · ioc \(status.version) · \(since) \(rendering.time(status.startedMs)) (\(uptime))"
            )
        ]
        let broker = status.broker
        let word =
            broker.isConnected
            ? language(vi: "đã kết nối", en: "connected") : language(vi: "MẤT KẾT NỐI", en: "NOT CONNECTED")
        let link = word + (broker.fault.map { ": " + $0 } ?? "")
        lines.append(row("broker", "\(broker.address) · \(link)", broker.fault == nil ? .green : .red))
        if let reload = status.reload { lines += self.reload(reload) }
        if let fault = status.storageFault {
            lines.append(row(language(vi: "lưu trữ", en: "storage"), fault, .alarm))
        }
        return lines
    }

    private func reload(_ reload: StatusAnswer.Reload) -> [StyledLine] {
        let isDone = reload.result == "done"
        let result =
            isDone
            ? language(vi: "đã nạp lại tệp", en: "files taken up anew")
            : language(vi: "BỊ TỪ CHỐI, giữ tệp cũ", en: "REFUSED, the old files stay")
        let line = row(
            language(vi: "nạp lại", en: "reload"), "\(rendering.time(reload.atMs)) · \(result)",
            isDone ? .plain : .red)
        return [line] + reload.faults.map { row("", $0, .red) }
    }

    private func rates(_ status: StatusAnswer) -> [StyledLine] {
        let messages = AlertText.number((status.messagesPerSecond * 10).rounded() / 10)
        let readings = AlertText.number((status.readingsPerSecond * 10).rounded() / 10)
        let safe = status.safeUpToMs > 0 ? rendering.time(status.safeUpToMs) : "–"
        let lag = status.safeUpToMs > 0 ? max(status.nowMs - status.safeUpToMs, 0) : 0
        let commit = AlertText.number((status.lastCommitMs * 10).rounded() / 10)
        let longest = AlertText.number((status.longestCommitMs * 10).rounded() / 10)
        return [
            row(
                language(vi: "tốc độ", en: "rates"),
                language(
                    vi: "\(messages) tin/s · \(readings) giá trị/s",
                    en: "\(messages) messages/s · \(readings) readings/s")),
            row(
                language(vi: "an toàn đến", en: "safe up to"),
                "\(safe) · " + language(vi: "trễ \(lag) ms", en: "lag \(lag) ms"),
                lag > 5 * Span.second ? .yellow : .plain),
            row(
                language(vi: "ghi", en: "commits"),
                language(
                    vi:
                        "\(status.commits) lần · hỏng \(status.failedCommits) · lần cuối \(commit) ms, lâu nhất \(longest) ms",
                    en:
                        "\(status.commits) · \(status.failedCommits) failed · the last took \(commit) ms, the longest \(longest) ms"
                ),
                status.failedCommits > 0 ? .yellow : .plain),
        ]
    }

    private func counts(
        _ devices: [String: Int], _ alerts: [String: Int], _ database: Int64, _ log: Int64
    ) -> [StyledLine] {
        let sizes = "\(ByteCount.text(database)) + \(ByteCount.text(log)) WAL"
        return [
            row(language(vi: "thiết bị", en: "devices"), FreshnessCounts.line(devices, language)),
            row(language(vi: "cảnh báo mở", en: "open alerts"), PriorityCounts.line(alerts, language)),
            row(language(vi: "cơ sở dữ liệu", en: "database"), sizes),
        ]
    }

    /// Only if something failed or waits.
    private func notifications(_ counts: NotificationCounts) -> [StyledLine] {
        guard counts.waiting + counts.failed > 0 else { return [] }
        let text = language(
            vi:
                "\(counts.waiting) chờ, trong đó \(counts.troubled) gửi lại · \(counts.failed) hỏng trong một ngày",
            en:
                "\(counts.waiting) wait, \(counts.troubled) of them again · \(counts.failed) failed within a day"
        )
        let style: Style = counts.failed > 0 ? .red : counts.troubled > 0 ? .yellow : .plain
        return [row(language(vi: "thông báo", en: "notifications"), text, style)]
    }

    private func floods(_ floods: [FloodAnswer]) -> [StyledLine] {
        floods.filter(\.isFlood).map { flood in
            row(
                language(vi: "dồn dập", en: "in flood"),
                language(
                    vi: "\(flood.domain): \(flood.count) cảnh báo từ \(rendering.time(flood.sinceMs))",
                    en: "\(flood.domain): \(flood.count) alerts since \(rendering.time(flood.sinceMs))"),
                .red)
        }
    }

    /// Only those that something was beyond: all are in JSON.
    private func limits(_ limits: [LimitAnswer]) -> [StyledLine] {
        limits.filter { $0.beyond > 0 && !$0.isRoutine }.map { limit in
            let used = limit.used.map { language(vi: " · hiện \($0)", en: " · now \($0)") } ?? ""
            let beyond = language(vi: " · vượt quá \(limit.beyond)", en: " · \(limit.beyond) beyond it")
            return row(
                language(vi: "giới hạn", en: "limit"), "\(limit.limit) \(limit.bound)\(used)\(beyond)",
                limit.isOver ? .red : .yellow)
        }
    }

    private func losses(_ losses: [LossAnswer]) -> [StyledLine] {
        let title = language(
            vi: "Tin: nhận = lưu + từ chối + trùng + bỏ",
            en: "Messages: received = stored + rejected + duplicate + dropped")
        guard !losses.isEmpty else {
            return [
                StyledLine(), StyledLine(language(vi: "Chưa nhận tin nào.", en: "No message received yet.")),
            ]
        }
        return [StyledLine(), StyledLine(title, .bold)]
            + LossTable.table(losses, language).lines(width: rendering.width)
    }

    private func gaps(_ gaps: [GapAnswer]) -> [StyledLine] {
        guard !gaps.isEmpty else { return [] }
        let title = language(
            vi: "Khoảng có thể đã mất tin trước khi đến đây (\(gaps.count))",
            en: "Stretches in which messages may have been lost before they came here (\(gaps.count))")
        return [StyledLine(), StyledLine(title, .bold)]
            + gaps.prefix(Self.shownGaps).map { gap in
                let count = gap.count > 0 ? "\(gap.count)" : "?"
                let range = "\(rendering.time(gap.fromMs)) – \(rendering.time(gap.toMs))"
                return StyledLine(
                    "  \(range)  \(SpokenGap.of(gap.kind, language))  "
                        + language(vi: "\(count) tin", en: "\(count) messages"),
                    .yellow)
            }
    }

    private func row(_ name: String, _ text: String, _ style: Style = .plain) -> StyledLine {
        row(name, StyledLine(text, style))
    }

    private func row(_ name: String, _ value: StyledLine) -> StyledLine {
        value.indented(DisplayWidth.pad(name, to: 15, .left), .dim)
    }

    private func fitted(_ lines: [StyledLine]) -> String {
        rendering.text(rendering.width.map { width in lines.map { $0.fitted(to: width) } } ?? lines)
    }
}
