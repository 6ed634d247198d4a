import TestSupport
import Testing

@testable import Telemetry

@Suite("States of series in blocks")
struct SeriesStatesTests {
    private func reading(_ series: Int, _ value: Double) -> Reading {
        Reading(series: SeriesID(UInt32(series)), time: 1, value: value)
    }

    private func times(_ time: Milliseconds) -> RecentTimes {
        var times = RecentTimes()
        _ = times.admit(time)
        return times
    }

    @Test("a block has its neighbours, those without a reading too, and the times of those that have them")
    func blocks() throws {
        let newest = (0..<70).map { NewestReading($0 % 3 == 0 ? reading($0, Double($0)) : nil) }
        var states = SeriesStates()
        for block in [0, 2] {
            let range = SeriesStates.range(ofBlock: block, in: newest.indices)
            states.append(block: block, newest[range])
            for series in range where series % 6 == 0 { states.appendTimes(times(Int64(series)), of: series) }
        }
        let blocks = Array(states.blocks)
        #expect(blocks.map(\.index) == [0, 2])
        #expect(blocks.map(\.newest.count) == [32, 32])
        #expect(blocks.map { $0.times.map(\.place) } == [[0, 6, 12, 18, 24, 30], [2]])
        #expect(blocks[1].newest.map { $0.reading?.value }.prefix(7) == [nil, nil, 66, nil, nil, 69, nil])
        let all = Array(states.all)
        #expect(all.map(\.series.index) == Array(stride(from: 0, to: 32, by: 3)) + [66, 69])
        for (id, state) in all {
            #expect(state.newest?.value == Double(id.index))
            #expect(state.recent == (id.index % 6 == 0 ? times(Int64(id.index)) : RecentTimes()))
        }
    }

    @Test(
        "one by one they make a block as long as they are in order, and the last of a series is what counts")
    func single() {
        var states = SeriesStates()
        states.append(SeriesID(40), SeriesState(newest: reading(40, 1), recent: times(7)))
        states.append(SeriesID(41), SeriesState(newest: reading(41, 2)))
        states.append(SeriesID(40), SeriesState(newest: reading(40, 3)))
        states.append(SeriesID(39), SeriesState(newest: reading(39, 4), recent: times(8)))
        states.append(SeriesID(70), SeriesState(newest: reading(70, 5)))
        #expect(states.blocks.map(\.index) == [1, 1, 1, 2])
        #expect(states.all.map(\.series.index) == [40, 41, 40, 39, 70])
        #expect(states.all.map { $0.state.newest?.value } == [1, 2, 3, 4, 5])
        #expect(states.all.map(\.state.recent.isEmpty) == [false, true, true, false, true])
    }
}
