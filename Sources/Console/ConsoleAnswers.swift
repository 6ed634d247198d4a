package import Store

// Bodies of the answers that are more than one row. `truncated`: the limit cut it, there is more.

package struct AlertsAnswer: Codable, Sendable {
    package var alerts: [AlertAnswer]
    package var truncated: Bool
}

package struct AlertDetailAnswer: Codable, Sendable {
    package var alert: AlertAnswer
    /// Its transitions, the oldest first.
    package var history: [AlertEventAnswer]
}

package struct ReadingsAnswer: Codable, Sendable {
    package var fromMs: Int64
    package var toMs: Int64
    package var readings: [ReadingAnswer]
    package var truncated: Bool
}

package struct DevicesAnswer: Codable, Sendable {
    package var devices: [DeviceAnswer]
}

package struct RejectsAnswer: Codable, Sendable {
    package var rejects: [RejectAnswer]
    package var truncated: Bool
}

package struct NotificationsAnswer: Codable, Sendable {
    package var notifications: [NotificationAnswer]
    package var truncated: Bool

    package init(notifications: [NotificationAnswer], truncated: Bool) {
        self.notifications = notifications
        self.truncated = truncated
    }
}
