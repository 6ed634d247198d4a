import Catalog
import Foundation
import Store
import Telemetry

/// What a receiver gets: the same bytes at every attempt.
struct NotificationMessage: Sendable, Equatable {
    /// Receivers recognise repeats by it. A new database counts from 1 again, so the time is part of it.
    var id: String
    var sentMs: Milliseconds
    var subject: String
    var text: String
    /// JSON, for machines.
    var body: [UInt8]
}

/// The JSON of a message: alerts in the words of the live streams.
struct NotificationBody: Encodable {
    /// An event with what its rule says.
    struct Alert: Encodable {
        var event: AlertEventAnswer
        var rule: Rule?

        struct Rule: Encodable {
            var titleVi: String
            var titleEn: String
            var actionVi: String
            var actionEn: String
            var lead: String
        }

        func encode(to encoder: any Encoder) throws {
            try event.encode(to: encoder)
            try rule?.encode(to: encoder)
        }
    }

    var id: String
    /// `alert.raised`, `alert.escalated`, `alert.returned`, `alert.digest` or `test`.
    var type: String
    /// When it was queued, as local clocks show it.
    var timestamp: String
    var receiver: String
    var text: String
    /// How many alerts it tells of; `alerts` has the first of them.
    var count: Int
    var alerts: [Alert]
}

/// Puts messages together from what the database and the catalog know.
struct NotificationWriter: Sendable {
    private let rules: [String: AlertRule]
    private let places: [String: Title]
    private let zone: ZoneOffsets

    /// A digest tells of so many in full.
    static let shown = 10

    init(_ catalog: Catalog) {
        self.init(
            rules: catalog.selfMonitored().rules, wards: catalog.wards, city: catalog.settings.city.name,
            zone: catalog.zone)
    }

    init(rules: [AlertRule], wards: [Ward], city: Title, zone: ZoneOffsets) {
        self.rules = Dictionary(rules.map { ($0.name, $0) }) { first, _ in first }
        var places = Dictionary(wards.map { ($0.code, $0.name) }) { _, latest in latest }
        places["_"] = city
        self.places = places
        self.zone = zone
    }

    func message(
        _ notification: DueNotification, to receiver: Receiver, _ events: [AlertEventAnswer], count: Int
    ) throws -> NotificationMessage {
        let wording = wording(receiver)
        let occasion = NotificationOccasion(rawValue: notification.occasion)
        let why = DigestReason(rawValue: notification.occasion) ?? .limit
        let first = occasion == nil ? nil : events.first
        return try message(
            id: "ioc-\(notification.id)-\(notification.queuedMs)",
            type: "alert.\(occasion?.rawValue ?? "digest")", at: notification.queuedMs, to: receiver, count,
            events,
            subject: first.map { wording.subject($0, occasion ?? .raised) } ?? wording.digestSubject(count),
            text: first.map { wording.text($0, occasion ?? .raised) } ?? wording.digest(events, count, why))
    }

    /// To see whether a receiver can be reached.
    func test(to receiver: Receiver, at now: Milliseconds) throws -> NotificationMessage {
        let text = wording(receiver).test(receiver.name, at: now)
        return try message(
            id: "ioc-test-\(now)", type: "test", at: now, to: receiver, 0, [], subject: text.subject,
            text: text.text)
    }

    private func wording(_ receiver: Receiver) -> NotificationWording {
        NotificationWording(
            language: Language(rawValue: receiver.language.rawValue) ?? .vi, rules: rules, places: places,
            time: LocalTime(zone: zone))
    }

    private func message(
        id: String, type: String, at time: Milliseconds, to receiver: Receiver, _ count: Int,
        _ events: [AlertEventAnswer], subject: String, text: String
    ) throws -> NotificationMessage {
        let alerts = events.map { event in
            NotificationBody.Alert(
                event: event,
                rule: rules[event.rule].map {
                    .init(
                        titleVi: $0.title.vi, titleEn: $0.title.en, actionVi: $0.action.vi,
                        actionEn: $0.action.en, lead: $0.lead)
                })
        }
        let body = NotificationBody(
            id: id, type: type, timestamp: zone.iso8601(time), receiver: receiver.name, text: text,
            count: count, alerts: alerts)
        return NotificationMessage(
            id: id, sentMs: time, subject: subject, text: text,
            body: Array(try AnswerCoding.encoder.encode(body)))
    }
}
