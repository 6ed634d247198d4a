import Telemetry
import Testing

@testable import Pipeline

/// What becomes of two values of one measurement at one time. Nobody can say which of them is right.
@Suite("Two values at the same time")
struct SameTimeTests {
    private let now = Plant.now

    @Test(
        "the first counts where times alone tell repeats, in one message as over several, and the second is counted"
    )
    func unnumbered() throws {
        let plant = try Plant()
        let seconds = now / 1_000
        plant.receive(
            "t/d/pack",
            #"[{"bn":"d:","n":"level","t":\#(seconds),"v":1},{"n":"level","t":\#(seconds),"v":2},{"n":"level","t":\#(seconds - 1),"v":3}]"#
        )
        plant.receive("t/d/pack", #"[{"bn":"d:","n":"level","t":\#(seconds),"v":4}]"#)
        plant.drain.step(now: now)
        #expect(plant.sink.readings.map(\.value) == [1, 3])
        #expect(plant.sink.losses.duplicateReadings == 2)
        #expect(plant.sink.losses.duplicate == 1)
        #expect(plant.sink.losses.isBalanced)
    }

    @Test("both count where the device numbers its messages: then a second value is one, not a repeat")
    func numbered() throws {
        let plant = try Plant()
        plant.receive("t/a/json", plant.message(1, "1", time: now))
        plant.receive("t/a/json", plant.message(2, "2", time: now))
        plant.receive("t/a/json", plant.message(2, "3", time: now))
        plant.drain.step(now: now)
        #expect(plant.sink.readings.map(\.value) == [1, 2])
        #expect(plant.sink.losses.duplicateReadings == 0)
        #expect(plant.sink.losses.duplicate == 1)
    }
}
