import Telemetry
import Testing

@testable import Pipeline

@Suite("Recent times of series")
struct SeriesTimesTests {
    @Test("are each series' own, put back as they were, and of those only that have some")
    func apart() {
        var times = SeriesTimes(count: 3)
        #expect(times[0].isEmpty)
        #expect([2, 0, 2].map { times.admit(5, of: $0) } == [true, true, false])
        #expect(times[1].isEmpty)
        var restored = SeriesTimes(count: 3)
        restored[2] = times[2]
        #expect([2, 0].map { restored.admit(5, of: $0) } == [false, true])
    }

    @Test("are told of a range, in order")
    func range() {
        var times = SeriesTimes(count: 9)
        var told: [Int] = []
        times.forEach(in: 0..<9) { index, _ in told.append(index) }
        #expect(told == [])
        for index in [7, 3, 5, 8] { _ = times.admit(5, of: index) }
        times.forEach(in: 3..<8) { index, recent in
            told.append(index)
            #expect(recent == times[index])
        }
        #expect(told == [3, 5, 7])
    }
}
