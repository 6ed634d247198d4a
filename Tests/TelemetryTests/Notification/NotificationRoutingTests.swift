import Testing

@testable import Telemetry

@Suite("Who is told of an alert")
struct NotificationRoutingTests {
    private let zone = ZoneOffsets(name: "Asia/Ho_Chi_Minh", fixedOffset: 7 * Span.hour)
    /// 2026-01-05 23:00 in Huế.
    private let night: Milliseconds = 1_767_546_000_000 + 23 * Span.hour

    private func rule(lead: String, copies: [String] = []) -> AlertRule {
        AlertRule(
            name: "Dry", domain: "garden", group: "g", title: Title(vi: "", en: ""),
            condition: .threshold(measurement: "m", window: nil, limit: .above(1, clear: 1)),
            priority: .medium, lead: lead, copies: copies, action: Title(vi: "", en: ""),
            summary: Title(vi: "", en: ""))
    }

    private func event(
        _ to: AlertState = .unacknowledged, from: AlertState = .normal, _ cause: AlertCause = .condition,
        priority: AlertPriority = .medium, by person: String? = nil
    ) -> AlertEvent {
        AlertEvent(
            identity: AlertIdentity(rule: "Dry", scope: "bed-1", onset: 1), domain: "garden", ward: "an-cuu",
            priority: priority, from: from, to: to, at: 1, cause: cause, summary: Title(vi: "", en: ""),
            operatorName: person)
    }

    private func receiver(_ change: (inout Receiver) -> Void = { _ in }) -> Receiver {
        var receiver = Receiver(name: "duty", way: .command(["/bin/true"]))
        change(&receiver)
        return receiver
    }

    private func told(
        _ receiver: Receiver, _ event: AlertEvent, lead: String = "gardener", copies: [String] = []
    )
        -> [NotificationDraft]
    {
        NotificationRouting(receivers: [receiver], rules: [rule(lead: lead, copies: copies)], zone: zone)
            .drafts(for: [event], at: night)
    }

    @Test("the unit that leads, and those that get copies, and nobody else")
    func units() {
        let owner = receiver { $0.units = ["owner"] }
        #expect(told(owner, event(), lead: "owner").count == 1)
        #expect(told(owner, event(), copies: ["owner"]).count == 1)
        #expect(told(owner, event()).isEmpty)
        #expect(told(receiver(), event()).count == 1)
    }

    @Test("not of other domains, wards, or less than the priority asked for")
    func narrowing() {
        #expect(told(receiver { $0.domains = ["yard"] }, event()).isEmpty)
        #expect(told(receiver { $0.wards = ["an-cuu"] }, event()).count == 1)
        #expect(told(receiver { $0.wards = ["phu-hoi"] }, event()).isEmpty)
        #expect(told(receiver { $0.leastPriority = .high }, event()).isEmpty)
        #expect(told(receiver { $0.leastPriority = .high }, event(priority: .critical)).count == 1)
    }

    @Test(
        "of what asks for somebody, was not taken in time, or is gone, and not of what operators do",
        arguments: [
            (AlertState.normal, AlertState.unacknowledged, AlertCause.condition, NotificationOccasion.raised),
            (.returned, .unacknowledged, .condition, .raised),
            (.acknowledged, .unacknowledged, .acknowledgementAged, .raised),
            (.suppressed, .unacknowledged, .suppressionEnded, .raised),
            (.unacknowledged, .unacknowledged, .escalated, .escalated),
            (.unacknowledged, .returned, .conditionGone, .returned),
            (.acknowledged, .normal, .conditionGone, .returned),
            (.unacknowledged, .unacknowledged, .unverified, nil), (.shelved, .shelved, .shelfEnds, nil),
        ] as [(AlertState, AlertState, AlertCause, NotificationOccasion?)])
    func occasions(
        _ from: AlertState, _ to: AlertState, _ cause: AlertCause, _ expected: NotificationOccasion?
    ) {
        #expect(NotificationOccasion(event(to, from: from, cause)) == expected)
        #expect(NotificationOccasion(event(to, from: from, cause, by: "Lan")) == nil)
    }

    @Test(
        "and one that waits to be told need not be once an operator has it in hand, until it is open again",
        arguments: [
            (AlertState.acknowledged, AlertCause.acknowledge, OperatorBearing.inHand),
            (.normal, .acknowledge, .inHand), (.latched, .acknowledge, .inHand), (.shelved, .shelve, .inHand),
            (.outOfService, .takenOutOfService, .inHand), (.normal, .reset, .inHand),
            (.unacknowledged, .unacknowledge, .openAgain), (.unacknowledged, .unshelve, .openAgain),
            (.unacknowledged, .putIntoService, .openAgain), (.acknowledged, .unshelve, .inHand),
            (.returned, .unshelve, nil), (.pending, .unshelve, nil),
        ] as [(AlertState, AlertCause, OperatorBearing?)])
    func bearing(_ to: AlertState, _ cause: AlertCause, _ expected: OperatorBearing?) {
        #expect(OperatorBearing(event(to, cause, by: "Lan")) == expected)
        #expect(OperatorBearing(event(to, cause)) == nil)
    }

    @Test("only what asks for somebody is spared, not that it is gone")
    func asking() {
        #expect(NotificationOccasion.allCases.filter(\.asksForSomebody) == [.raised, .escalated])
    }

    @Test("of those occasions only that it wants")
    func wanted() {
        let gone = event(.returned, from: .unacknowledged, .conditionGone)
        #expect(told(receiver(), gone).isEmpty)
        #expect(told(receiver { $0.occasions = [.returned] }, gone).count == 1)
    }

    @Test("at once, or when its quiet hours end, unless it is urgent enough")
    func quiet() {
        let sleeper = receiver {
            $0.quiet = QuietHours([.init(start: 22 * 60, end: 6 * 60)])
            $0.quietExcept = .high
        }
        #expect(told(receiver(), event()).first?.due == night)
        #expect(told(sleeper, event()).first?.due == night + 7 * Span.hour)
        #expect(told(sleeper, event(priority: .high)).first?.due == night)
    }
}
