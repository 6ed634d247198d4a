import Testing

@testable import Telemetry

@Suite("Spelling")
struct SpellingTests {
    @Test("the closest words come first, and no more than asked for")
    func closest() {
        let known = [
            "jr-001/intensity", "jr-001/averageVehicleSpeed", "jr-002/averageVehicleSpeed", "x",
            "jr-011/averageSpeed",
        ]
        let found = Spelling.closest(to: "jr-01/averageVehicleSpeed", in: known, count: 3)
        #expect(found == ["jr-001/averageVehicleSpeed", "jr-002/averageVehicleSpeed", "jr-011/averageSpeed"])
        #expect(Spelling.closest(to: "a", in: [], count: 3) == [])
    }

    @Test("the nearest word is one that differs by no more than a third of its letters, whatever their case")
    func nearest() {
        #expect(Spelling.nearest(to: "Trafic", in: ["water", "traffic", "tariff"]) == "traffic")
        #expect(Spelling.nearest(to: "abc", in: ["abd", "abe"]) == "abd")
        #expect(Spelling.nearest(to: "air", in: ["water", "traffic"]) == nil)
        #expect(Spelling.nearest(to: "air", in: []) == nil)
    }

    @Test("letters replaced, left out or put in count one each, and so do neighbours that changed places")
    func distance() {
        #expect(Spelling.distance("kitten", "sitting") == 3 && Spelling.distance("stile", "slite") == 2)
        #expect(Spelling.distance("gate", "gaet") == 1 && Spelling.distance("", "gate") == 4)
    }
}
