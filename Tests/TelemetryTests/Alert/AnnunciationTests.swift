import Testing

@testable import Telemetry

@Suite("What asks an operator to look anew")
struct AnnunciationTests {
    @Test(
        "is an alert that comes up or back, by itself, and one that nobody took",
        arguments: [
            (.condition, .raised), (.shelfEnded, .raised), (.suppressionEnded, .raised),
            (.acknowledgementAged, .raised), (.escalated, .escalated),
        ] as [(AlertCause, Annunciation)])
    func asks(_ cause: AlertCause, _ expected: Annunciation) {
        #expect(Annunciation(cause, to: .unacknowledged) == expected)
        // One that was acknowledged before it was shelved comes back as that, and one that is gone as gone.
        for state in AlertState.allCases where state != .unacknowledged {
            #expect(Annunciation(cause, to: state) == nil)
        }
    }

    @Test(
        "is not what operators did, nor what changes nothing for them",
        arguments: [
            .unacknowledge, .unshelve, .putIntoService, .unverified, .verified, .acknowledge, .shelve,
            .shelfEnds, .ruleRemoved, .conditionGone,
        ] as [AlertCause])
    func silent(_ cause: AlertCause) {
        #expect(Annunciation(cause, to: .unacknowledged) == nil)
        #expect(Annunciation(cause: cause.rawValue, to: "unacknowledged") == nil)
    }

    @Test("is known by the words of a stored transition, and other words are none")
    func words() {
        #expect(Annunciation(cause: "shelf-ended", to: "unacknowledged") == .raised)
        #expect(Annunciation(cause: "moon", to: "unacknowledged") == nil)
        #expect(Annunciation(cause: "condition", to: "moon") == nil)
    }
}
