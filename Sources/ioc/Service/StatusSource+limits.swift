import Catalog
import Console
import Pipeline
import Store
import Synchronization
import Telemetry

extension StatusSource {
    /// Every bound that has a counter, in the order of the table in docs/configuration.md.
    func limits() -> [LimitAnswer] { configured + messages + stored + served }

    private var configured: [LimitAnswer] {
        func leftOut(_ limit: Excess.Limit, _ bound: Int) -> LimitAnswer {
            let count = excess.filter { $0.limit == limit }.reduce(0) { $0 + $1.count }
            return LimitAnswer(limit.rawValue, bound: bound, beyond: Int64(count))
        }
        return [
            leftOut(.seriesPerDevice, settings.limits.seriesPerDevice),
            leftOut(.devicesPerProfile, settings.limits.devicesPerProfile),
        ]
    }

    private var messages: [LimitAnswer] {
        let limits = settings.intake.limits
        let rejections = rejections
        let (counters, channel) = (plane.counters, plane.channel)
        return [
            LimitAnswer("topic_bytes", bound: limits.topicBytes, beyond: rejections[.topicTooLong] ?? 0),
            LimitAnswer("payload_bytes", bound: limits.payloadBytes, beyond: rejections[.tooLarge] ?? 0),
            LimitAnswer("depth", bound: limits.depth, beyond: rejections[.tooDeep] ?? 0),
            LimitAnswer("readings", bound: limits.readings, beyond: rejections[.tooManyReadings] ?? 0),
            LimitAnswer(
                "ring_capacity", bound: settings.intake.ringCapacity,
                beyond: counters.dropped.load(ordering: .relaxed)),
            LimitAnswer(
                "reject_tray", bound: RejectTray.capacity,
                beyond: channel.tray.overflow.load(ordering: .relaxed)),
            LimitAnswer(
                "sparkplug_metrics", bound: SparkplugHost.maximumMetrics,
                beyond: rejections[.tooManyMetrics] ?? 0),
            LimitAnswer(
                "wanted_births", bound: IntakeChannel.maximumWantedBirths,
                beyond: channel.unaskedBirths.load(ordering: .relaxed)),
            LimitAnswer(
                "open_windows", bound: settings.limits.openWindows,
                used: counters.openWindows.load(ordering: .relaxed),
                beyond: counters.windowsClosedEarly.load(ordering: .relaxed)),
        ]
    }

    private var stored: [LimitAnswer] {
        [
            LimitAnswer(
                "acknowledgements", bound: settings.data.acknowledgements,
                used: writer.acknowledgements.load(ordering: .relaxed),
                beyond: writer.forgottenAcknowledgements.load(ordering: .relaxed)),
            LimitAnswer(
                "quarantine_rows", bound: settings.data.quarantineRows,
                used: writer.quarantineRows.load(ordering: .relaxed),
                beyond: writer.evictedForRows.load(ordering: .relaxed)),
            LimitAnswer(
                "quarantine_bytes", bound: settings.data.quarantineBytes,
                used: writer.quarantineBytes.load(ordering: .relaxed),
                beyond: writer.evictedForBytes.load(ordering: .relaxed)),
            LimitAnswer(
                "waiting_notifications", bound: WaitingBound.standard.most,
                beyond: plane.counters.notificationsCrowded.load(ordering: .relaxed)),
            LimitAnswer(
                "wal_bytes", bound: log.limit, used: log.bytes,
                beyond: log.timesOver.load(ordering: .relaxed)),
        ]
    }

    private var served: [LimitAnswer] {
        [
            LimitAnswer(
                "commands", bound: CommandInbox.capacity, used: Int64(plane.commands.count),
                beyond: plane.commands.refused.load(ordering: .relaxed)),
            LimitAnswer(
                "streams", bound: consoleLimits.streams,
                used: Int64(console.streams.load(ordering: .relaxed)),
                beyond: console.refusedStreams.load(ordering: .relaxed)),
            LimitAnswer(
                "stall_seconds", bound: consoleLimits.stall.components.seconds,
                beyond: console.stalledClients.load(ordering: .relaxed)),
            LimitAnswer(
                "connections", bound: consoleLimits.connections,
                used: Int64(console.connections.load(ordering: .relaxed)),
                beyond: console.fullConnections.load(ordering: .relaxed)),
        ]
    }
}
