import Foundation
import GRDB
import Telemetry
import TestSupport
import Testing

@testable import Store

@Suite("State of series in blocks")
struct SeriesBlockTests {
    private let directory = try! TemporaryDirectory()

    private func state(_ id: SeriesID, _ chance: inout SeededGenerator) -> SeriesState {
        var state = SeriesState(
            newest: Reading(
                series: id, time: Milliseconds.random(in: -9...(1 << 50), using: &chance),
                value: Double.random(in: -1e9...1e9, using: &chance), weight: 3,
                quality: Quality.allCases.randomElement(using: &chance)!))
        guard Bool.random(using: &chance) else { return state }
        for time in 0..<Int64.random(in: 1...20, using: &chance) { _ = state.recent.admit(time) }
        return state
    }

    private func write(_ series: [(series: SeriesID, state: SeriesState)], _ store: Store) throws {
        try store.pool.write { db in
            try CheckpointTable.write(SeriesStates(series.map { ($0.series, $0.state) }), db)
        }
    }

    private func read(_ store: Store) throws -> [SeriesID: SeriesState] {
        Dictionary(uniqueKeysWithValues: try store.checkpoint().series.all.map { ($0.series, $0.state) })
    }

    @Test(
        "is what was written last, of a whole block, a part of one, or in any order",
        arguments: 1...10 as ClosedRange<UInt64>)
    func lastWins(seed: UInt64) throws {
        var chance = SeededGenerator(seed: seed)
        let store = try Store(directory: directory.path, zone: .utc)
        var expected: [SeriesID: SeriesState] = [:]
        for step in 0..<30 {
            var ids = (0..<100 as Range<UInt32>).map { SeriesID($0) }
            switch step % 3 {
            case 0: ids = Array(ids[32..<64])
            case 1: ids = ids.filter { _ in Int.random(in: 0..<9, using: &chance) == 0 }
            default: ids = Array(ids.shuffled(using: &chance).prefix(5))
            }
            let series = ids.map { ($0, state($0, &chance)) }
            try write(series, store)
            for (id, state) in series { expected[id] = state }
            #expect(try read(store) == expected, "step \(step) of \(seed)")
        }
        try store.close()
    }

    @Test("of a series without a reading is nothing, beside others that have one")
    func nothing() throws {
        let store = try Store(directory: directory.path, zone: .utc)
        let block = (0..<32 as Range<UInt32>).map { number in
            let id = SeriesID(number)
            return (id, SeriesState(newest: number == 7 ? Reading(series: id, time: 1, value: 2) : nil))
        }
        try write(block, store)
        #expect(try read(store).keys.sorted() == [SeriesID(7)])
        try write(block.map { ($0.0, SeriesState()) }, store)
        #expect(try read(store).keys.sorted() == [SeriesID(7)])
        try store.close()
    }

    @Test("is told to queries, and nothing where there is none or the block is damaged")
    func inQueries() throws {
        let store = try Store(directory: directory.path, zone: .utc)
        let id = SeriesID(33)
        let reading = Reading(
            series: id, time: 1_767_546_000_000, value: -2.5, weight: 4, quality: .uncertain)
        try write([(id, SeriesState(newest: reading))], store)
        let row = try store.pool.read { db in
            try Row.fetchOne(
                db,
                sql: """
                    SELECT newest_reading(newest, 33, 0) AS time, newest_reading(newest, 33, 1) AS value,
                        newest_reading(newest, 33, 2) AS weight, newest_reading(newest, 33, 3) AS quality,
                        newest_reading(newest, 34, 0) AS other, newest_reading(x'00', 33, 0) AS short,
                        newest_reading(NULL, 33, 0) AS none, newest_reading(newest, 33, 9) AS unknown
                    FROM series_block WHERE block = 1
                    """)!
        }
        let time: Milliseconds = row["time"]
        let numbers: [Double] = ["value", "weight", "quality"].map { row[$0] }
        #expect(time == reading.time && numbers == [-2.5, 4, 1])
        for name in ["other", "short", "none", "unknown"] {
            #expect((row[name] as DatabaseValue).isNull, "\(name)")
        }
        try store.close()
    }

    @Test("is taken over from a version that had a row for each series")
    func migrated() throws {
        var chance = SeededGenerator(seed: 5)
        let old = try DatabaseQueue()
        try Schema.migrator.migrate(old, upTo: "9")
        var expected: [SeriesID: SeriesState] = [:]
        try old.write { db in
            for number in [1, 2, 31, 32, 70] as [UInt32] {
                let id = SeriesID(number)
                let state = state(id, &chance)
                let newest = state.newest!
                try db.execute(
                    sql: "INSERT INTO series_state VALUES (?,?,?,?,?,?)",
                    arguments: [
                        number, newest.time, newest.value, newest.weight, newest.quality.rawValue,
                        withUnsafeBytes(of: state.recent) { Data($0) },
                    ])
                expected[id] = state
            }
        }
        try Schema.migrator.migrate(old)
        let found = try old.read { try CheckpointTable.read($0).series }
        #expect(Dictionary(uniqueKeysWithValues: found.all.map { ($0.series, $0.state) }) == expected)
        #expect(try old.read { try !$0.tableExists("series_state") })
    }

    @Test("is refused to a command as long as the database is of an older version, with what to do")
    func older() throws {
        let path = Store.path(in: directory.path)
        let old = try DatabaseQueue(path: path)
        try Schema.migrator.migrate(old, upTo: "9")
        try old.close()
        #expect(throws: StoreError.olderVersion(path)) { _ = try StoreReader(directory: directory.path) }
        try Store(directory: directory.path, zone: .utc).close()
        #expect(try StoreReader(directory: directory.path).series().isEmpty)
    }
}
