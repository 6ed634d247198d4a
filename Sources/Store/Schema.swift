import GRDB
import Telemetry

/// The tables and views of `ioc.sqlite`; docs/schema.md explains them to those who query the file.
enum Schema {
    /// Times are milliseconds UTC. Tables are for the program, views for people.
    static let migrator: DatabaseMigrator = {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { db in
            try db.execute(sql: registry)
            try db.execute(sql: journal)
            for tier in Tier.allCases { try db.execute(sql: rollup(tier)) }
            try db.execute(sql: alerts)
            try db.execute(sql: losses)
            for tier in Tier.allCases { try db.execute(sql: rollupView(tier)) }
            try db.execute(sql: views)
        }
        migrator.registerMigration("2") { db in
            try db.execute(
                sql: "ALTER TABLE device_state ADD COLUMN departed_ms INTEGER; DROP VIEW IF EXISTS v_device;")
            try db.execute(sql: deviceView)
        }
        migrator.registerMigration("3") { db in
            try db.execute(
                sql: """
                    ALTER TABLE alert_instance ADD COLUMN terms TEXT NOT NULL DEFAULT '';
                    ALTER TABLE alert_instance ADD COLUMN headline INTEGER NOT NULL DEFAULT 0;
                    """)
        }
        migrator.registerMigration("4") { db in
            try db.execute(sql: alertLifeCycle)
            try db.execute(sql: alertView)
            try db.execute(sql: alertHistoryView)
        }
        migrator.registerMigration("5") { db in
            try db.execute(sql: notifications)
            try db.execute(sql: notificationView)
        }
        migrator.registerMigration("6") { db in try db.execute(sql: notificationsToSpare) }
        migrator.registerMigration("7") { db in
            for tier in Tier.allCases { try db.execute(sql: RollupSchema.leaveOut(tier)) }
        }
        migrator.registerMigration("8") { db in
            try db.execute(sql: RollupSchema.gathering)
            for tier in Tier.allCases { try db.execute(sql: RollupSchema.divide(tier)) }
            try db.execute(sql: RollupSchema.statistics)
        }
        migrator.registerMigration("9") { db in try db.execute(sql: ReplayTable.schema) }
        migrator.registerMigration("10") { db in
            try db.execute(sql: seriesBlocks)
            try CheckpointTable.gatherSeries(db)
            try db.execute(sql: "DROP TABLE series_state")
        }
        migrator.registerMigration("11") { db in try db.execute(sql: SubscriptionTable.schema) }
        migrator.registerMigration("12") { db in
            try db.execute(
                sql: "DELETE FROM device_state WHERE last_seen_ms = \(Int64.min); DROP VIEW v_device;")
            try db.execute(sql: deviceView)
        }
        return migrator
    }()

    private static let registry = """
        CREATE TABLE meta(key TEXT PRIMARY KEY, value) WITHOUT ROWID;
        -- Offset of local time from UTC, from which moment on.
        CREATE TABLE zone(from_ms INTEGER PRIMARY KEY, offset_ms INTEGER NOT NULL);
        -- Ids are never reused: rollups and journal refer to them.
        CREATE TABLE device(
            id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, domain TEXT NOT NULL, profile TEXT NOT NULL,
            system TEXT, name_vi TEXT NOT NULL, name_en TEXT NOT NULL, ward TEXT NOT NULL, lat REAL NOT NULL,
            lon REAL NOT NULL, cadence_ms INTEGER NOT NULL, in_use INTEGER NOT NULL DEFAULT 1);
        CREATE TABLE series(
            id INTEGER PRIMARY KEY AUTOINCREMENT, device INTEGER NOT NULL REFERENCES device(id),
            measurement TEXT NOT NULL, title_vi TEXT NOT NULL, title_en TEXT NOT NULL, unit TEXT NOT NULL,
            kind TEXT NOT NULL, UNIQUE(device, measurement));
        -- Written about once a second; what came since is in the journal behind meta.checkpoint.
        CREATE TABLE device_state(
            device INTEGER PRIMARY KEY, last_seen_ms INTEGER NOT NULL, last_time_ms INTEGER NOT NULL,
            sequence_highest INTEGER NOT NULL, sequence_time_ms INTEGER NOT NULL, sequence_bits BLOB NOT NULL,
            recent BLOB NOT NULL, recent_next INTEGER NOT NULL);
        CREATE TABLE series_state(
            series INTEGER PRIMARY KEY, time_ms INTEGER NOT NULL, value REAL NOT NULL, weight REAL NOT NULL,
            quality INTEGER NOT NULL, recent BLOB NOT NULL);
        """

    private static let seriesBlocks = """
        -- Written about once a second; 32 series each (SeriesBlock.swift).
        CREATE TABLE series_block(block INTEGER PRIMARY KEY, newest BLOB NOT NULL, recent BLOB);
        """

    private static let journal = """
        -- One row a transaction: its messages and readings, compressed (JournalBlock.swift).
        CREATE TABLE journal(
            id INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, from_ms INTEGER NOT NULL, to_ms INTEGER NOT NULL,
            messages INTEGER NOT NULL, readings INTEGER NOT NULL, block BLOB NOT NULL);
        CREATE INDEX journal_to ON journal(to_ms);
        -- Packet id and fingerprint of every message taken, to recognise what the broker sends again.
        CREATE TABLE acknowledgement(batch INTEGER PRIMARY KEY, count INTEGER NOT NULL, entries BLOB NOT NULL);
        """

    /// What windows of a tier are read from.
    static func table(_ tier: Tier) -> String { "rollup_\(tier.name)" }

    private static func rollup(_ tier: Tier) -> String {
        """
        CREATE TABLE \(table(tier))(
            series INTEGER NOT NULL, start_ms INTEGER NOT NULL, count INTEGER NOT NULL, min REAL NOT NULL,
            max REAL NOT NULL, sum REAL NOT NULL, sum_squares REAL NOT NULL, weight REAL NOT NULL,
            first_ms INTEGER NOT NULL, first REAL NOT NULL, last_ms INTEGER NOT NULL, last REAL NOT NULL,
            p50 REAL, p85 REAL, p95 REAL, time_in_state TEXT, detail BLOB, revision INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY(series, start_ms)) WITHOUT ROWID;
        """
    }

    private static let alerts = """
        CREATE TABLE alert(
            id INTEGER PRIMARY KEY AUTOINCREMENT, rule TEXT NOT NULL, scope TEXT NOT NULL, onset_ms INTEGER NOT NULL,
            domain TEXT NOT NULL, ward TEXT NOT NULL, priority TEXT NOT NULL, state TEXT NOT NULL,
            raised_ms INTEGER NOT NULL, changed_ms INTEGER NOT NULL, value REAL, limit_value REAL,
            summary_vi TEXT NOT NULL, summary_en TEXT NOT NULL, acknowledged_by TEXT, acknowledged_ms INTEGER,
            comment TEXT, UNIQUE(rule, scope, onset_ms));
        CREATE INDEX alert_open ON alert(state) WHERE state <> 'normal';
        -- Only grows. Its id is the id of the event on the live streams.
        CREATE TABLE alert_event(
            id INTEGER PRIMARY KEY AUTOINCREMENT, alert INTEGER NOT NULL REFERENCES alert(id), at_ms INTEGER NOT NULL,
            recorded_ms INTEGER NOT NULL, from_state TEXT NOT NULL, to_state TEXT NOT NULL, cause TEXT NOT NULL,
            value REAL, limit_value REAL, operator TEXT, comment TEXT);
        CREATE INDEX alert_event_alert ON alert_event(alert);
        -- Where every rule stands on every device, if not at rest: delays go on after a restart.
        CREATE TABLE alert_instance(
            rule TEXT NOT NULL, scope TEXT NOT NULL, settled TEXT NOT NULL, holds INTEGER NOT NULL,
            holds_since_ms INTEGER NOT NULL, onset_ms INTEGER NOT NULL, value REAL, PRIMARY KEY(rule, scope)) WITHOUT ROWID;
        """

    /// What rules and operators can do to alerts besides raising and acknowledging them.
    private static let alertLifeCycle = """
        ALTER TABLE alert ADD COLUMN lead TEXT NOT NULL DEFAULT '';
        ALTER TABLE alert ADD COLUMN hidden_until_ms INTEGER;
        ALTER TABLE alert ADD COLUMN hidden_by TEXT;
        ALTER TABLE alert ADD COLUMN hidden_reason TEXT;
        ALTER TABLE alert ADD COLUMN unverified_since_ms INTEGER;
        ALTER TABLE alert_event ADD COLUMN rule_version TEXT NOT NULL DEFAULT '';
        ALTER TABLE alert_instance ADD COLUMN veil TEXT;
        ALTER TABLE alert_instance ADD COLUMN shelf_until_ms INTEGER;
        ALTER TABLE alert_instance ADD COLUMN shelf_once INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE alert_instance ADD COLUMN shelf_noticed INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE alert_instance ADD COLUMN attended_since_ms INTEGER;
        ALTER TABLE alert_instance ADD COLUMN escalated INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE alert_instance ADD COLUMN unverified_since_ms INTEGER;
        CREATE INDEX alert_event_recorded ON alert_event(recorded_ms);
        -- What each version of a rule said; versions are in alert_event.
        CREATE TABLE rule_version(
            rule TEXT NOT NULL, version TEXT NOT NULL, since_ms INTEGER NOT NULL, text TEXT NOT NULL,
            PRIMARY KEY(rule, version)) WITHOUT ROWID;
        -- Only grows; of each regime the newest row counts.
        CREATE TABLE regime_event(
            id INTEGER PRIMARY KEY, regime TEXT NOT NULL, is_on INTEGER NOT NULL, at_ms INTEGER NOT NULL,
            operator TEXT NOT NULL, comment TEXT);
        CREATE VIEW v_regime AS
        SELECT regime, is_on, \(local("at_ms")) AS since_local, operator, comment, at_ms AS since_ms
        FROM regime_event e WHERE id = (SELECT max(id) FROM regime_event WHERE regime = e.regime);
        -- Moments that would have been judged otherwise, had late data been there in time.
        CREATE TABLE alert_hindsight(
            id INTEGER PRIMARY KEY AUTOINCREMENT, rule TEXT NOT NULL, scope TEXT NOT NULL, at_ms INTEGER NOT NULL,
            recorded_ms INTEGER NOT NULL, value REAL NOT NULL, limit_value REAL NOT NULL, holds INTEGER NOT NULL,
            UNIQUE(rule, scope, at_ms));
        CREATE VIEW v_alert_hindsight AS
        SELECT rule, scope AS device, \(local("at_ms")) AS at_local, value, limit_value, holds, at_ms, recorded_ms
        FROM alert_hindsight;
        DROP VIEW IF EXISTS v_alert;
        DROP VIEW IF EXISTS v_alert_history;
        """

    private static let losses = """
        -- received = stored + rejected + duplicate + dropped, in messages; the rest in readings.
        CREATE TABLE loss(
            source TEXT NOT NULL, domain TEXT NOT NULL, received INTEGER NOT NULL, stored INTEGER NOT NULL,
            rejected INTEGER NOT NULL, duplicate INTEGER NOT NULL, dropped INTEGER NOT NULL, readings INTEGER NOT NULL,
            late INTEGER NOT NULL, bad INTEGER NOT NULL, duplicate_readings INTEGER NOT NULL,
            PRIMARY KEY(source, domain)) WITHOUT ROWID;
        -- Refused messages, one row per topic and reason, with the last payload.
        CREATE TABLE reject(
            id INTEGER PRIMARY KEY, topic TEXT NOT NULL, reason TEXT NOT NULL, count INTEGER NOT NULL,
            first_ms INTEGER NOT NULL, last_ms INTEGER NOT NULL, fault_offset INTEGER NOT NULL, payload BLOB NOT NULL,
            UNIQUE(topic, reason));
        CREATE INDEX reject_last ON reject(last_ms);
        -- Stretches in which messages may have been lost before they reached us.
        CREATE TABLE gap(
            id INTEGER PRIMARY KEY, kind TEXT NOT NULL, from_ms INTEGER NOT NULL, to_ms INTEGER NOT NULL,
            count INTEGER NOT NULL);
        """

    static func local(_ column: String) -> String {
        """
        strftime('%Y-%m-%d %H:%M:%S', (\(column) + (SELECT offset_ms FROM zone WHERE from_ms <= \(column)
            ORDER BY from_ms DESC LIMIT 1)) / 1000, 'unixepoch')
        """
    }

    private static func rollupView(_ tier: Tier) -> String {
        """
        CREATE VIEW v_\(table(tier)) AS
        SELECT device.domain, device.ward, device.key AS device, series.measurement, series.unit, r.start_ms,
            \(local("r.start_ms")) AS start_local, r.count, r.min, r.max,
            CASE WHEN r.weight > 0 THEN r.sum / r.weight END AS mean, r.sum, r.first, r.last, r.p50, r.p85, r.p95,
            r.time_in_state, r.revision
        FROM \(table(tier)) r JOIN series ON series.id = r.series JOIN device ON device.id = series.device;
        """
    }

    /// `departed_ms` is when its gateway said that the device is gone.
    private static let deviceView = """
        CREATE VIEW v_device AS
        SELECT device.key AS device, device.domain, device.profile, device.system, device.name_vi, device.name_en,
            device.ward, device.lat, device.lon, device.cadence_ms, s.last_seen_ms, \(local("s.last_seen_ms")) AS last_seen_local,
            nullif(s.last_time_ms, \(Int64.min)) AS last_time_ms,
            CASE WHEN s.last_seen_ms IS NULL THEN 'never-reported'
                WHEN s.departed_ms >= s.last_seen_ms THEN 'silent'
                WHEN unixepoch() * 1000 - s.last_seen_ms > 3 * device.cadence_ms THEN 'silent'
                WHEN unixepoch() * 1000 - s.last_seen_ms > 2 * device.cadence_ms THEN 'late'
                ELSE 'fresh' END AS freshness
        FROM device LEFT JOIN device_state s ON s.device = device.id WHERE device.in_use;
        """

    private static let alertView = """
        CREATE VIEW v_alert AS
        SELECT id, rule, scope AS device, domain, ward, priority, state, lead, \(local("onset_ms")) AS onset_local,
            \(local("raised_ms")) AS raised_local, value, limit_value, summary_vi, summary_en, acknowledged_by,
            \(local("acknowledged_ms")) AS acknowledged_local, comment, hidden_by, hidden_reason,
            \(local("hidden_until_ms")) AS hidden_until_local, \(local("unverified_since_ms")) AS unverified_since_local,
            onset_ms, raised_ms, changed_ms, acknowledged_ms, hidden_until_ms, unverified_since_ms
        FROM alert;
        """

    private static let alertHistoryView = """
        CREATE VIEW v_alert_history AS
        SELECT e.id, e.alert, a.rule, a.scope AS device, a.priority, \(local("e.at_ms")) AS at_local, e.from_state,
            e.to_state, e.cause, e.value, e.limit_value, e.operator, e.comment, e.rule_version, e.at_ms, e.recorded_ms
        FROM alert_event e JOIN alert a ON a.id = e.alert;
        """

    private static let views = """
        CREATE VIEW v_reject AS
        SELECT id, topic, reason, count, \(local("first_ms")) AS first_local, \(local("last_ms")) AS last_local,
            fault_offset, CAST(payload AS TEXT) AS payload, first_ms, last_ms
        FROM reject;

        CREATE VIEW v_loss AS
        SELECT source, domain, received, stored, rejected, duplicate, dropped, readings, late, bad, duplicate_readings,
            received - stored - rejected - duplicate - dropped AS unaccounted
        FROM loss;
        """
}
