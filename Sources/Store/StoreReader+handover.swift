import GRDB
package import Telemetry

extension StoreReader {
    /// What the shift `range` leaves to the next, as of `now`.
    package func handover(
        of range: Range<Milliseconds>, domain: String? = nil, ward: String? = nil, at now: Milliseconds
    ) throws -> Handover {
        let events = try alertEvents(recordedIn: range, domain: domain, ward: ward)
        let raised = Set(events.filter { Annunciation(cause: $0.cause, to: $0.toState) != nil }.map(\.alert))
        func list(_ states: [AlertState]) throws -> [AlertAnswer] {
            try alerts(
                isOpen: false, states: states.map(\.rawValue), domain: domain, ward: ward,
                limit: Int(Int32.max))
        }
        let freshness = [Freshness.silent, .neverReported].map(\.rawValue)
        return Handover(
            fromMs: range.lowerBound, toMs: range.upperBound, asOfMs: now, domain: domain, ward: ward,
            open: .init(try list(AlertState.allCases.filter(\.isOpen))), shelved: .init(try list([.shelved])),
            suppressed: .init(try list([.suppressed])), outOfService: .init(try list([.outOfService])),
            unverified: .init(try unverifiedAlerts(domain: domain, ward: ward)),
            stale: .init(try staleAlerts(before: now - Span.day, domain: domain, ward: ward)),
            silent: .init(try devices(domain: domain, ward: ward, freshness: freshness)),
            cameAndWent: .init(
                try alerts(ids: raised.sorted()).filter { $0.state == AlertState.normal.rawValue }),
            // Of a shift that is not over nobody knows how a flood goes on.
            floods: try floods(
                in: range.clamped(to: Milliseconds.min..<now), ConsoleScope(domain: domain, ward: ward)),
            actions: .init(events.filter { $0.operator != nil }),
            scoreboard: try scoreboard(over: range, domain: domain, ward: ward, at: now),
            gaps: try gaps(limit: Int(Int32.max)).filter {
                $0.toMs >= range.lowerBound && $0.fromMs < range.upperBound
            },
            rejects: Self.refusals(
                try rejects(limit: Int(Int32.max)).filter { range.contains($0.lastMs) }))
    }

    /// - Parameter rejects: the latest first.
    private static func refusals(_ rejects: [RejectAnswer]) -> [Handover.Refusals] {
        Dictionary(grouping: rejects, by: \.reason).map { reason, rejects in
            Handover.Refusals(
                reason: reason, topics: rejects.count, lastMs: rejects[0].lastMs, lastTopic: rejects[0].topic)
        }.sorted { ($1.topics, $0.reason) < ($0.topics, $1.reason) }
    }

    /// Alerts that have stood since before `time`, acknowledged or not.
    package func staleAlerts(before time: Milliseconds, domain: String? = nil, ward: String? = nil) throws
        -> [AlertAnswer]
    {
        let states = [AlertState.unacknowledged, .acknowledged].map(\.rawValue)
        return try alerts(isOpen: true, states: states, domain: domain, ward: ward, limit: Int(Int32.max))
            .filter { $0.raisedMs < time }
    }

    /// Of every rule and device that chattered in `range` the newest alert, the most frequent first.
    package func chatteringAlerts(
        in range: Range<Milliseconds>, domain: String? = nil, ward: String? = nil
    ) throws -> [AlertAnswer] {
        let sources = try scoreboard(over: range, domain: domain, ward: ward, at: range.upperBound).chattering
        return try database.read { db in
            try sources.compactMap { source in
                try AlertAnswer.fetchOne(
                    db, sql: "SELECT * FROM v_alert WHERE rule = ? AND device = ? ORDER BY id DESC LIMIT 1",
                    arguments: [source.rule, source.device])
            }
        }
    }

    private func unverifiedAlerts(domain: String?, ward: String?) throws -> [AlertAnswer] {
        let ids = try database.read { db in
            try Int64.fetchAll(
                db, sql: "SELECT id FROM alert WHERE state <> 'normal' AND unverified_since_ms IS NOT NULL")
        }
        return try alerts(ids: ids).filter {
            (domain ?? $0.domain) == $0.domain && (ward ?? $0.ward) == $0.ward
        }
    }

    private func alerts(ids: [Int64]) throws -> [AlertAnswer] {
        try database.read { db in
            try ids.compactMap { id in
                try AlertAnswer.fetchOne(
                    db.cachedStatement(sql: "SELECT * FROM v_alert WHERE id = ?"), arguments: [id])
            }
        }
    }

    /// Floods of a scope that began or lasted in `range`.
    private func floods(in range: Range<Milliseconds>, _ scope: ConsoleScope) throws -> [Handover.Flood] {
        var view = try consoleView(scope, asOf: range.lowerBound)
        var floods = view.flood.map { [Handover.Flood($0)] } ?? []
        /// What the view has come to, told in `floods`.
        func note(_ before: ConsoleFlood?) {
            if let flood = view.flood, flood.since != before?.since { floods.append(Handover.Flood(flood)) }
            guard let last = floods.indices.last else { return }
            if let flood = view.flood {
                floods[last].count = flood.count
            } else if before != nil {
                floods[last].toMs = view.lastFloodEnd
            }
        }
        for event in try consoleEvents(scope, after: view.lastEvent, before: range.upperBound) {
            let before = view.flood
            view.advance(to: event.recordedMs)
            if before != nil, view.flood == nil { note(before) }
            let between = view.flood
            view.take(event)
            note(between)
        }
        let before = view.flood
        view.advance(to: range.upperBound)
        note(before)
        return floods
    }
}

extension Handover.Flood {
    fileprivate init(_ flood: ConsoleFlood) {
        self.init(fromMs: flood.since, toMs: nil, count: flood.count, firstOut: flood.pinned.shown.first)
    }
}
