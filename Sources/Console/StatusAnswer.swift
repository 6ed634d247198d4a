package import Store

/// One screen of the running service: `/api/v1/status` and `ioc status`.
package struct StatusAnswer: Codable, Sendable {
    package struct Broker: Codable, Sendable {
        package var address: String
        package var isConnected: Bool
        /// Why not, in a sentence; nil while connected.
        package var fault: String?
        package init(address: String, isConnected: Bool, fault: String?) {
            self.address = address
            self.isConnected = isConnected
            self.fault = fault
        }
    }

    /// The last reload by SIGHUP.
    package struct Reload: Codable, Sendable {
        package var atMs: Int64
        /// `done` or `refused`.
        package var result: String
        /// Why it was refused; the first of them.
        package var faults: [String]
        /// Since the process began.
        package var done: Int
        package var refused: Int
        package init(atMs: Int64, result: String, faults: [String], done: Int, refused: Int) {
            self.atMs = atMs
            self.result = result
            self.faults = faults
            self.done = done
            self.refused = refused
        }
    }

    package var version: String
    /// Of the service; a reload begins it anew.
    package var startedMs: Int64
    package var nowMs: Int64
    package var broker: Broker
    /// Everything that arrived up to this moment is durable.
    package var safeUpToMs: Int64
    /// Messages and readings a second over the last ten seconds.
    package var messagesPerSecond: Double
    package var readingsPerSecond: Double
    /// Since the start of the service.
    package var commits: Int64
    package var failedCommits: Int64
    package var lastCommitMs: Double
    package var longestCommitMs: Double
    /// Why the last commit failed, nil if it did not.
    package var storageFault: String?
    package var devices: [String: Int]
    package var openAlerts: [String: Int]
    package var floods: [FloodAnswer]
    package var losses: [LossAnswer]
    package var gaps: [GapAnswer]
    package var databaseBytes: Int64
    package var walBytes: Int64
    /// Refused messages since the start, by reason; only those that occurred.
    package var rejectedByReason: [String: Int64]
    package var limits: [LimitAnswer]
    /// nil if there was none.
    package var reload: Reload?
    /// Messages to receivers outside; `failed` are those of the last day.
    package var notifications: NotificationCounts

    package init(
        version: String, startedMs: Int64, nowMs: Int64, broker: Broker, safeUpToMs: Int64,
        messagesPerSecond: Double,
        readingsPerSecond: Double, commits: Int64, failedCommits: Int64, lastCommitMs: Double,
        longestCommitMs: Double, storageFault: String?,
        devices: [String: Int], openAlerts: [String: Int], losses: [LossAnswer], gaps: [GapAnswer],
        databaseBytes: Int64, walBytes: Int64, rejectedByReason: [String: Int64], limits: [LimitAnswer],
        notifications: NotificationCounts,
        reload: Reload? = nil,
        floods: [FloodAnswer] = []
    ) {
        self.version = version
        self.startedMs = startedMs
        self.nowMs = nowMs
        self.broker = broker
        self.safeUpToMs = safeUpToMs
        self.messagesPerSecond = messagesPerSecond
        self.readingsPerSecond = readingsPerSecond
        self.commits = commits
        self.failedCommits = failedCommits
        self.lastCommitMs = lastCommitMs
        self.longestCommitMs = longestCommitMs
        self.storageFault = storageFault
        self.devices = devices
        self.openAlerts = openAlerts
        self.losses = losses
        self.gaps = gaps
        self.databaseBytes = databaseBytes
        self.walBytes = walBytes
        self.rejectedByReason = rejectedByReason
        self.limits = limits
        self.reload = reload
        self.notifications = notifications
        self.floods = floods
    }
}

/// Whether the alerts of a domain come faster than anybody can read (`ConsoleView`).
package struct FloodAnswer: Codable, Sendable, Equatable {
    package var domain: String
    package var isFlood: Bool
    package var sinceMs: Int64?
    /// Its alerts.
    package var count: Int
}
