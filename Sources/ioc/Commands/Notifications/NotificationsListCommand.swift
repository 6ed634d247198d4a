import ArgumentParser
import Console
import Store
import Telemetry

struct NotificationsListCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Messages to receivers, the latest first; reads the database.",
        discussion: """
            Works without the service.

              ioc notifications list --state queued
              ioc notifications list --receiver duty-officer --json | jq '.notifications[].last_error'
            """)

    @OptionGroup var data: DataOptions
    @Option(help: "Only this state: \(NotificationState.allCases.map(\.rawValue).joined(separator: ", ")).")
    var state: NotificationState?
    @Option(help: "Only of this receiver.") var receiver: String?
    @Option(help: "At most this many.") var limit = RowLimit(100)
    @OptionGroup var language: LanguageOptions
    @Flag(help: "JSON, as /api/v1/notifications gives it.") var json = false

    func text(_ reader: StoreReader, _ rendering: Rendering) throws -> String {
        let found = try reader.notifications(
            state: state?.rawValue, receiver: receiver, limit: limit.count + 1)
        let shown = Array(found.prefix(limit.count))
        let isTruncated = found.count > limit.count
        if json {
            return try JSONText.document(NotificationsAnswer(notifications: shown, truncated: isTruncated))
        }
        guard !shown.isEmpty else {
            return rendering.language(vi: "Không có thông báo nào.\n", en: "No notifications.\n")
        }
        return rendering.text(table(shown, rendering)) + (isTruncated ? limit.notice(rendering.language) : "")
    }

    private func table(_ notifications: [NotificationAnswer], _ rendering: Rendering) -> Table {
        let language = rendering.language
        var table = Table(columns: [
            .init(title: "id", alignment: .right),
            .init(title: language(vi: "trạng thái", en: "state")),
            .init(title: language(vi: "nơi nhận", en: "receiver"), isFlexible: true),
            .init(title: language(vi: "việc", en: "occasion"), goes: 5),
            .init(title: language(vi: "cảnh báo", en: "alert"), alignment: .right),
            .init(title: language(vi: "mức", en: "priority"), goes: 1),
            .init(title: language(vi: "quy tắc", en: "rule"), isFlexible: true, goes: 4),
            .init(title: language(vi: "thiết bị", en: "device"), isFlexible: true, goes: 3),
            .init(title: language(vi: "lúc", en: "time")),
            .init(title: language(vi: "lần", en: "tries"), alignment: .right, goes: 2),
            .init(title: language(vi: "lỗi", en: "error"), isFlexible: true),
        ])
        for notification in notifications {
            let state = NotificationState(rawValue: notification.state)
            let priority = AlertPriority(rawValue: notification.priority)
            table.add(
                .init("\(notification.id)"),
                .init(
                    NotificationState.spoken(notification.state, language), state.map(Self.style) ?? .plain),
                .init(notification.receiver),
                .init(NotificationOccasion.spoken(notification.occasion, language)),
                .init(notification.alert.map { "\($0)" } ?? "–"),
                .init(
                    AlertPriority.spoken(notification.priority, language), priority.map(Style.of) ?? .plain),
                .init(notification.rule ?? ""), .init(notification.device ?? ""),
                .init(rendering.time(Self.moment(notification))), .init("\(notification.attempts)"),
                .init(notification.lastError ?? Self.digest(notification, language)))
        }
        return table
    }

    private static func style(_ state: NotificationState) -> Style {
        switch state {
        case .failed: .red
        case .queued, .sent: .yellow
        case .delivered, .acknowledged: .green
        case .digested, .spared: .plain
        }
    }

    /// When it came to where it is; of one that waits, when it goes.
    private static func moment(_ notification: NotificationAnswer) -> Milliseconds {
        switch NotificationState(rawValue: notification.state) {
        case .delivered: notification.deliveredMs ?? notification.queuedMs
        case .acknowledged, .spared: notification.acknowledgedMs ?? notification.queuedMs
        case .failed: notification.failedMs ?? notification.queuedMs
        case .queued: notification.dueMs
        case .sent: notification.sentMs ?? notification.dueMs
        case .digested, nil: notification.queuedMs
        }
    }

    private static func digest(_ notification: NotificationAnswer, _ language: Language) -> String {
        notification.digest.map { language(vi: "trong tin \($0)", en: "in message \($0)") } ?? ""
    }
}

extension NotificationState: ExpressibleByArgument {}
