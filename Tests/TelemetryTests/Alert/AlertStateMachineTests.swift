import Testing

@testable import Telemetry

@Suite("Alert state machine")
struct AlertStateMachineTests {
    private let minute: Milliseconds = Span.minute

    @Test("waits for the on-delay, counted from when the condition began")
    func onDelay() {
        var machine = AlertStateMachine()
        let answer1 = machine.observe(true, at: 0, AlertConduct(onDelay: 3 * minute, offDelay: 0))
        #expect(answer1 == nil)
        #expect(machine.state == .pending)
        let answer2 = machine.observe(true, at: 2 * minute, AlertConduct(onDelay: 3 * minute, offDelay: 0))
        #expect(answer2 == nil)
        let raised = machine.observe(true, at: 3 * minute, AlertConduct(onDelay: 3 * minute, offDelay: 0))
        #expect(raised?.to == .unacknowledged)
        #expect(machine.onset == 0)
    }

    @Test("forgets a condition that went before the on-delay was over")
    func noAlert() {
        var machine = AlertStateMachine()
        _ = machine.observe(true, at: 0, AlertConduct(onDelay: 3 * minute, offDelay: 0))
        let answer3 = machine.observe(false, at: minute, AlertConduct(onDelay: 3 * minute, offDelay: 0))
        #expect(answer3 == nil)
        #expect(machine.state == .normal)
        let answer4 = machine.elapse(to: 9 * minute, AlertConduct(onDelay: 3 * minute))
        #expect(answer4 == nil)
    }

    @Test("raises by the clock when the last evidence still stands")
    func elapse() {
        var machine = AlertStateMachine()
        _ = machine.observe(true, at: 0, AlertConduct(onDelay: 3 * minute, offDelay: 0))
        let answer5 = machine.elapse(to: 2 * minute, AlertConduct(onDelay: 3 * minute))
        #expect(answer5 == nil)
        let answer6 = machine.elapse(to: 4 * minute, AlertConduct(onDelay: 3 * minute))
        #expect(answer6?.at == 3 * minute)
    }

    @Test("returns unacknowledged, and is done with once somebody has seen it")
    func returned() {
        var machine = AlertStateMachine()
        _ = machine.observe(true, at: 0, AlertConduct(onDelay: 0, offDelay: 0))
        let answer7 = machine.observe(false, at: minute, AlertConduct(onDelay: 0, offDelay: 0))
        #expect(answer7?.to == .returned)
        let answer8 = machine.acknowledge(at: 2 * minute)
        #expect(answer8?.to == .normal)
        let answer9 = machine.acknowledge(at: 3 * minute)
        #expect(answer9 == nil)
    }

    @Test("ends quietly when it was acknowledged before the condition went")
    func acknowledged() {
        var machine = AlertStateMachine()
        _ = machine.observe(true, at: 0, AlertConduct(onDelay: 0, offDelay: 0))
        let answer10 = machine.acknowledge(at: minute)
        #expect(answer10?.to == .acknowledged)
        let answer11 = machine.observe(false, at: 2 * minute, AlertConduct(onDelay: 0, offDelay: 0))
        #expect(answer11?.to == .normal)
    }

    @Test(
        "keeps firing until the condition has been gone for the off-delay, by evidence and never by silence")
    func offDelay() {
        var machine = AlertStateMachine()
        _ = machine.observe(true, at: 0, AlertConduct(onDelay: 0, offDelay: 5 * minute))
        let answer12 = machine.observe(false, at: minute, AlertConduct(onDelay: 0, offDelay: 5 * minute))
        #expect(answer12 == nil)
        let answer13 = machine.elapse(to: 60 * minute, AlertConduct(onDelay: 0))
        #expect(answer13 == nil)
        let answer14 = machine.observe(true, at: 61 * minute, AlertConduct(onDelay: 0, offDelay: 5 * minute))
        #expect(answer14 == nil)
        #expect(machine.state == .unacknowledged)
        _ = machine.observe(false, at: 62 * minute, AlertConduct(onDelay: 0, offDelay: 5 * minute))
        let answer15 = machine.observe(false, at: 67 * minute, AlertConduct(onDelay: 0, offDelay: 5 * minute))
        #expect(answer15?.to == .returned)
    }

    @Test("comes back as the same alert when it recurs before anybody saw it go")
    func recurs() {
        var machine = AlertStateMachine()
        _ = machine.observe(true, at: 0, AlertConduct(onDelay: 0, offDelay: 0))
        _ = machine.observe(false, at: minute, AlertConduct(onDelay: 0, offDelay: 0))
        let answer16 = machine.observe(true, at: 2 * minute, AlertConduct(onDelay: 0, offDelay: 0))
        #expect(answer16?.to == .unacknowledged)
        #expect(machine.onset == 0)
    }

    @Test("holds between the limit and its clear value whatever held before")
    func hysteresis() {
        let limit = AlertLimit.below(8, clear: 12)
        #expect(!limit.holds(at: 10, before: false))
        #expect(limit.holds(at: 7, before: false))
        #expect(limit.holds(at: 10, before: true))
        #expect(!limit.holds(at: 12, before: true))
        let band = AlertLimit.outside(2...8, clear: 3...7)
        #expect(band.holds(at: 1.9, before: false))
        #expect(band.holds(at: 2.5, before: true))
        #expect(!band.holds(at: 2.5, before: false))
    }
}
