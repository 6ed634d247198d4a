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
        #expect(RecentTimes(decoding: times[2].encode()) == times[2])
    }

    @Test("take no room in the database where there are none")
    func empty() {
        #expect(RecentTimes().encode().isEmpty)
    }
}
