import Console
import Pipeline
import Store
import Synchronization
import Telemetry

extension StatusSource {
    /// The figures of the status page under the naming conventions of Prometheus.
    func metrics() throws -> [Metric] {
        let status = try answer()
        var metrics = status.losses.flatMap(Self.losses)
        // Also those of none: a figure that comes and goes cannot be watched.
        metrics += Freshness.allCases.map(\.rawValue).map {
            Metric(
                "ioc_devices", "Devices by how long they have been quiet.", .gauge,
                labels: [("freshness", $0)], value: Double(status.devices[$0] ?? 0))
        }
        metrics += AlertPriority.allCases.map(\.rawValue).map {
            Metric(
                "ioc_open_alerts", "Alerts an operator has to do with.", .gauge,
                labels: [("priority", $0)], value: Double(status.openAlerts[$0] ?? 0))
        }
        metrics += status.floods.map {
            Metric(
                "ioc_alert_flood", "Whether alerts come faster than anybody can read.", .gauge,
                labels: [("domain", $0.domain)], value: $0.isFlood ? 1 : 0)
        }
        metrics += status.limits.flatMap(Self.limits)
        let rejections = rejections
        metrics += RejectionReason.allCases.map {
            Metric(
                "ioc_rejected_total", "Messages refused since the start, by reason.", .counter,
                labels: [("reason", $0.rawValue)], value: Double(rejections[$0] ?? 0))
        }
        let reloads = reloads.figures
        metrics += [("done", reloads.done), ("refused", reloads.refused)].map {
            Metric(
                "ioc_reload_total", "Reloads asked for by SIGHUP since the process began.", .counter,
                labels: [("result", $0)], value: Double($1))
        }
        metrics += try plain(status) + commits + journal + notifications(status.notifications)
        return metrics
    }

    private static func losses(_ loss: LossAnswer) -> [Metric] {
        let outcomes = [
            ("stored", loss.stored), ("rejected", loss.rejected), ("duplicate", loss.duplicate),
            ("dropped", loss.dropped),
        ]
        let labels = [("source", loss.source), ("domain", loss.domain)]
        var metrics = outcomes.map { outcome, count in
            Metric(
                "ioc_messages_total", "Messages received, by what became of them.", .counter,
                labels: labels + [("outcome", outcome)], value: Double(count))
        }
        let readings = [("all", loss.readings), ("late", loss.late), ("bad", loss.bad)]
        metrics += readings.map { kind, count in
            Metric(
                "ioc_readings_total", "Readings stored; late and bad ones are counted again apart.", .counter,
                labels: labels + [("kind", kind)], value: Double(count))
        }
        return metrics
    }

    private static func limits(_ limit: LimitAnswer) -> [Metric] {
        let labels = [("limit", limit.limit)]
        let used = limit.used.map {
            Metric(
                "ioc_limit_used", "How much of a bound is taken now.", .gauge, labels: labels,
                value: Double($0))
        }
        return [
            Metric(
                "ioc_limit", "Bounds of the service, in their own units.", .gauge, labels: labels,
                value: Double(limit.bound)),
            Metric(
                "ioc_over_limit_total", "What was beyond a bound: refused, put off or let go.", .counter,
                labels: labels, value: Double(limit.beyond)),
        ] + [used].compactMap { $0 }
    }

    private func notifications(_ counts: NotificationCounts) -> [Metric] {
        let counters = plane.counters
        let outcomes = [
            ("queued", counters.notificationsQueued.load(ordering: .relaxed)),
            ("delivered", counters.notificationsDelivered.load(ordering: .relaxed)),
            ("failed", counters.notificationsFailed.load(ordering: .relaxed)),
            ("digested", counters.notificationsDigested.load(ordering: .relaxed)),
        ]
        return outcomes.map { outcome, count in
            Metric(
                "ioc_notifications_total",
                "Messages to receivers outside since the start, by what became of them.",
                .counter, labels: [("outcome", outcome)], value: Double(count))
        } + [
            Metric(
                "ioc_failed_deliveries_total", "Attempts to deliver a notification that failed.", .counter,
                value: Double(counters.notificationAttemptsFailed.load(ordering: .relaxed))),
            Metric(
                "ioc_notifications_waiting", "Notifications not delivered yet.", .gauge,
                value: Double(counts.waiting)),
        ]
    }

    private var commits: [Metric] {
        let times = commitTimes
        return Metric.histogram(
            "ioc_commit_seconds", "Durations of transactions since the start.",
            bounds: CommitTimes.bounds.map { Double($0) / 1_000_000 }, counts: times.counts,
            sum: Double(times.sum) / 1_000_000)
    }

    private var journal: [Metric] {
        [
            Metric(
                "ioc_compacted_rows_total", "Rows of the journal rewritten by series since the start.",
                .counter,
                value: Double(compactor.rows.load(ordering: .relaxed))),
            Metric(
                "ioc_compacted_readings_total", "Readings in them.", .counter,
                value: Double(compactor.readings.load(ordering: .relaxed))),
            Metric(
                "ioc_unreadable_rows_total",
                "Rows of the journal that could not be read, and stay as they are.",
                .counter, value: Double(compactor.unreadable.load(ordering: .relaxed))),
            Metric(
                "ioc_gathered_windows_total",
                "Closed windows moved from the order of time to that of series.",
                .counter, value: Double(gatherer.rows.load(ordering: .relaxed))),
        ]
    }

    private func plain(_ status: StatusAnswer) throws -> [Metric] {
        [
            Metric(
                "ioc_partial_messages_total", "Messages stored though parts of them were refused.", .counter,
                value: Double(plane.counters.partial.load(ordering: .relaxed))),
            Metric(
                "ioc_commits_total", "Transactions since the start.", .counter, value: Double(status.commits)),
            Metric(
                "ioc_failed_commits_total", "Transactions that failed and were tried again.", .counter,
                value: Double(status.failedCommits)),
            Metric(
                "ioc_longest_commit_seconds", "Duration of the longest transaction since the start.", .gauge,
                value: status.longestCommitMs / 1_000),
            Metric(
                "ioc_safe_up_to_seconds", "Unix time up to which everything that arrived is durable.", .gauge,
                value: Double(status.safeUpToMs) / 1_000),
            Metric(
                "ioc_broker_connected", "Whether the intake is connected.", .gauge,
                value: status.broker.isConnected ? 1 : 0),
            Metric(
                "ioc_gap_messages_total", "Messages the broker says it dropped.", .counter,
                value: Double(try store.reader.droppedByBroker())),
            Metric(
                "ioc_database_bytes", "Size of the database.", .gauge, value: Double(status.databaseBytes)),
            Metric("ioc_wal_bytes", "Size of its write-ahead log.", .gauge, value: Double(status.walBytes)),
        ]
    }
}
