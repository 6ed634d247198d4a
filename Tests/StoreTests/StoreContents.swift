import Foundation
import GRDB
import Telemetry
import Testing

@testable import Store

/// What a store holds: kept by hand from the batches, and read from a database, to be compared.
struct StoreContents: Equatable {
    struct Entry: Equatable {
        var messages: [AcceptedMessage]
        var readings: [Reading]
        /// When its commits were, one for each second at the most.
        var moments: [Milliseconds]
        /// Messages that came, also where they are told as fewer signs of life.
        var count: Int
        var isCompact = false
        var newest: Milliseconds { readings.map(\.time).max() ?? moments[0] }
    }
    struct Window: Hashable {
        var tier: Tier
        var series: SeriesID
        var start: Milliseconds
    }
    struct Row: Equatable {
        var rollup: Rollup
        var revision: Int64
    }
    struct Alert: Equatable {
        var state: AlertState
        var changed: Milliseconds
        var value: Double?
        var limit: Double?
        var summary: Title
        var acknowledgedBy: String?
        var comment: String?
    }
    struct Transition: Equatable {
        var identity: AlertIdentity
        var from: AlertState
        var to: AlertState
        var cause: AlertCause
        var at: Milliseconds
        var recorded: Milliseconds
    }
    struct RuleScope: Hashable {
        var rule: String
        var scope: String
    }
    struct TopicReason: Hashable {
        var topic: String
        var reason: RejectionReason
    }
    struct Reject: Equatable {
        var count: Int
        var first: Milliseconds
        var last: Milliseconds
        var offset: Int
        var payload: [UInt8]
    }

    var journal: [Int64: Entry] = [:]
    var acknowledgements: [Int64: [Acknowledgement]] = [:]
    var rollups: [Window: Row] = [:]
    var alerts: [AlertIdentity: Alert] = [:]
    var transitions: [Transition] = []
    /// The outbox, by id from 1.
    var messages: [Message] = []
    var instances: [RuleScope: AlertInstanceState] = [:]
    var rejects: [TopicReason: Reject] = [:]
    var gaps: [Gap] = []
    var losses: [LossKey: LossCounters] = [:]
    var devices: [DeviceID: DeviceState] = [:]
    var series: [SeriesID: SeriesState] = [:]
    var meta: [String: Int64] = [:]
    /// Keys of devices in use.
    var registered: Set<String> = []

    /// Names of what differs, for the message of a failure.
    func differences(from other: StoreContents) -> [String] {
        let equal: [(String, Bool)] = [
            ("journal", journal == other.journal),
            ("acknowledgements", acknowledgements == other.acknowledgements),
            ("rollups", rollups == other.rollups), ("alerts", alerts == other.alerts),
            ("transitions", transitions == other.transitions), ("messages", messages == other.messages),
            ("instances", instances == other.instances),
            ("rejects", rejects == other.rejects), ("gaps", gaps == other.gaps),
            ("losses", losses == other.losses), ("devices", devices == other.devices),
            ("series", series == other.series), ("meta", meta == other.meta),
            ("registered", registered == other.registered),
        ]
        return equal.filter { !$0.1 }.map(\.0)
    }
}

// MARK: By hand

extension StoreContents {
    mutating func apply(_ batch: Batch, acknowledgementLimit: Int, quarantineRows: Int) {
        let id = (meta["batch"] ?? 0) + 1
        if !batch.readings.isEmpty || !batch.messages.isEmpty {
            journal[id] = Entry(
                messages: batch.messages, readings: batch.readings, moments: [batch.at],
                count: batch.messages.count)
        }
        if batch.gaps.contains(where: { $0.kind == .sessionLost }) { acknowledgements = [:] }
        if !batch.acknowledgements.isEmpty { acknowledgements[id] = batch.acknowledgements }
        while let oldest = acknowledgements.min(by: { $0.key < $1.key }), !batch.acknowledgements.isEmpty {
            let count = acknowledgements.values.map(\.count).reduce(0, +)
            guard count > acknowledgementLimit, count - oldest.value.count >= acknowledgementLimit else {
                break
            }
            acknowledgements[oldest.key] = nil
        }
        for rollup in [batch.rollups, batch.amendments].joined() { merge(rollup) }
        change(batch.notificationChanges, at: batch.at)
        for event in batch.alertEvents {
            record(event, at: batch.at)
            heed(event, at: batch.at)
        }
        queue(batch.notifications, of: batch.alertEvents, at: batch.at)
        for state in batch.alertInstances {
            instances[RuleScope(rule: state.rule, scope: state.scope)] = state.isAtRest ? nil : state
        }
        for (key, counters) in batch.losses { losses[key, default: LossCounters()] += counters }
        quarantine(batch.rejects, quarantineRows)
        gaps += batch.gaps
        if let checkpoint = batch.checkpoint {
            for (device, state) in checkpoint.devices { devices[device] = state }
            for (id, state) in checkpoint.series.all { series[id] = state }
            meta["checkpoint"] = id
        }
        if let caughtUp = batch.caughtUp { meta["caught_up"] = caughtUp }
        if let drops = batch.brokerDrops { meta["broker_drops"] = drops }
        if let event = batch.publishedEvent { meta["published_event"] = event }
        meta["closed_through"] = batch.closedThrough
        meta["batch"] = id
        meta["at"] = batch.at
    }

    private mutating func merge(_ rollup: Rollup) {
        let window = Window(tier: rollup.tier, series: rollup.series, start: rollup.start)
        guard var row = rollups[window] else {
            rollups[window] = Row(rollup: rollup, revision: 0)
            return
        }
        row.rollup.merge(rollup)
        row.revision += 1
        rollups[window] = row
    }

    private mutating func record(_ event: AlertEvent, at now: Milliseconds) {
        transitions.append(
            Transition(
                identity: event.identity, from: event.from, to: event.to, cause: event.cause, at: event.at,
                recorded: now))
        var alert =
            alerts[event.identity]
            ?? Alert(state: event.to, changed: event.at, summary: event.summary)
        alert.state = event.to
        alert.changed = event.at
        alert.value = event.value ?? alert.value
        alert.limit = event.limit ?? alert.limit
        if event.value != nil { alert.summary = event.summary }
        alert.acknowledgedBy =
            event.to == .unacknowledged ? nil : event.operatorName ?? alert.acknowledgedBy
        alert.comment = event.comment ?? alert.comment
        alerts[event.identity] = alert
    }

    private mutating func quarantine(_ messages: [RejectedMessage], _ limit: Int) {
        for message in messages {
            let key = TopicReason(topic: message.topic, reason: message.reason)
            var row = rejects[key] ?? Reject(count: 0, first: message.at, last: 0, offset: 0, payload: [])
            row.count += 1
            row.last = message.at
            row.offset = message.offset
            row.payload = message.payload
            rejects[key] = row
        }
        while !messages.isEmpty, rejects.count > limit,
            let old = rejects.min(by: { $0.value.last < $1.value.last })
        {
            rejects[old.key] = nil
        }
    }

    /// The rows of `ids` become the last of them: by series, and who was heard in which second.
    mutating func compact(_ ids: ClosedRange<Int64>) {
        let rows = journal.filter { ids.contains($0.key) }.sorted { $0.key < $1.key }.map(\.value)
        var moments: [Int64: Milliseconds] = [:]
        for at in rows.flatMap(\.moments) { moments[at / 1_000] = max(moments[at / 1_000] ?? .min, at) }
        var heard: [DeviceID: Set<Milliseconds>] = [:]
        for row in rows {
            for message in row.messages {
                let at = row.isCompact ? message.arrival : row.moments[0]
                heard[message.device, default: []].insert(moments[at / 1_000]!)
            }
        }
        let messages = heard.sorted { $0.key < $1.key }.flatMap { device, times in
            times.sorted().map {
                AcceptedMessage(device: device, sequence: -1, fingerprint: 0, arrival: $0, newestTime: .min)
            }
        }
        let readings = Dictionary(grouping: rows.flatMap(\.readings), by: \.series).sorted { $0.key < $1.key }
        for id in ids { journal[id] = nil }
        journal[ids.upperBound] = Entry(
            messages: messages, readings: readings.flatMap(\.value), moments: moments.values.sorted(),
            count: rows.reduce(0) { $0 + $1.count }, isCompact: true)
        meta["compacted"] = max(meta["compacted"] ?? 0, ids.upperBound)
    }

    mutating func purge(raw: Milliseconds, rollups old: Milliseconds) {
        journal = journal.filter { $0.value.newest >= raw }
        rollups = rollups.filter { $0.key.start >= old }
    }
}

// MARK: From a database

extension StoreContents {
    init(of store: Store) throws {
        self = try store.pool.read { db in try StoreContents(db) }
        for entry in try store.checkpoint().devices { devices[entry.device] = entry.state }
        for entry in try store.checkpoint().series.all { series[entry.series] = entry.state }
        for state in try store.alertInstances() {
            instances[RuleScope(rule: state.rule, scope: state.scope)] = state
        }
    }

    private init(_ db: Database) throws {
        for row in try GRDB.Row.fetchAll(db, sql: "SELECT * FROM journal") {
            let data: Data = row["block"]
            let block = try #require(JournalBlock.decode(Array(data)))
            #expect(row["readings"] == block.readings.count)
            let compact = CompactBlock.decode(Array(data))
            journal[row["id"]] = Entry(
                messages: block.messages, readings: block.readings,
                moments: compact?.moments ?? [row["at_ms"]],
                count: row["messages"], isCompact: compact != nil)
            #expect(compact.map { $0.moments[0] == row["at_ms"] } ?? true)
        }
        for row in try GRDB.Row.fetchAll(db, sql: "SELECT * FROM acknowledgement") {
            let entries = AcknowledgementCodec.decode(row["entries"])
            #expect(row["count"] == entries.count)
            acknowledgements[row["batch"]] = entries
        }
        for tier in Tier.allCases {
            for row in try GRDB.Row.fetchAll(db, sql: "SELECT * FROM \(Schema.table(tier))") {
                let rollup = RollupTable.rollup(row, tier)
                rollups[Window(tier: tier, series: rollup.series, start: rollup.start)] = Row(
                    rollup: rollup, revision: row["revision"])
            }
        }
        try readAlerts(db)
        try readMessages(db)
        for row in try GRDB.Row.fetchAll(db, sql: "SELECT * FROM reject") {
            let key = TopicReason(topic: row["topic"], reason: RejectionReason(rawValue: row["reason"])!)
            let payload: Data = row["payload"]
            rejects[key] = Reject(
                count: row["count"], first: row["first_ms"], last: row["last_ms"],
                offset: row["fault_offset"],
                payload: Array(payload))
        }
        gaps = try GRDB.Row.fetchAll(db, sql: "SELECT * FROM gap ORDER BY id").map { row in
            let count: Int64 = row["count"]
            return Gap(
                kind: Gap.Kind(rawValue: row["kind"])!, from: row["from_ms"], to: row["to_ms"],
                count: UInt64(count))
        }
        for row in try GRDB.Row.fetchAll(db, sql: "SELECT * FROM loss") {
            var counters = LossCounters()
            counters.received = row["received"]
            counters.stored = row["stored"]
            counters.rejected = row["rejected"]
            counters.duplicate = row["duplicate"]
            counters.dropped = row["dropped"]
            counters.readings = row["readings"]
            counters.late = row["late"]
            counters.bad = row["bad"]
            counters.duplicateReadings = row["duplicate_readings"]
            losses[LossKey(source: row["source"], domain: row["domain"])] = counters
        }
        for row in try GRDB.Row.fetchAll(db, sql: "SELECT key, value FROM meta") {
            meta[row["key"]] = row["value"]
        }
        registered = Set(try String.fetchAll(db, sql: "SELECT key FROM device WHERE in_use"))
    }

    private mutating func readAlerts(_ db: Database) throws {
        for row in try GRDB.Row.fetchAll(db, sql: "SELECT * FROM alert") {
            let identity = AlertIdentity(rule: row["rule"], scope: row["scope"], onset: row["onset_ms"])
            alerts[identity] = Alert(
                state: AlertState(rawValue: row["state"])!, changed: row["changed_ms"], value: row["value"],
                limit: row["limit_value"], summary: Title(vi: row["summary_vi"], en: row["summary_en"]),
                acknowledgedBy: row["acknowledged_by"], comment: row["comment"])
        }
        let events = try GRDB.Row.fetchAll(
            db,
            sql: """
                SELECT a.rule, a.scope, a.onset_ms, e.* FROM alert_event e JOIN alert a ON a.id = e.alert ORDER BY e.id
                """)
        transitions = events.map { row in
            Transition(
                identity: AlertIdentity(rule: row["rule"], scope: row["scope"], onset: row["onset_ms"]),
                from: AlertState(rawValue: row["from_state"])!, to: AlertState(rawValue: row["to_state"])!,
                cause: AlertCause(rawValue: row["cause"])!, at: row["at_ms"], recorded: row["recorded_ms"])
        }
    }
}
