import Foundation
import GRDB
import Telemetry
import TestSupport
import Testing

@testable import Store

private let zone = ZoneOffsets(name: "Asia/Ho_Chi_Minh", fixedOffset: 7 * Span.hour)
/// 2026-01-05T02:15:00.500Z.
private let start: Milliseconds = 1_767_579_300_500
private let suffixes = ["", "-wal", "-shm", "-journal"]

@Suite("A damaged database")
struct SetAsideTests {
    private let directory: TemporaryDirectory
    private var path: String { Store.path(in: directory.path) }
    private var target: String { path + ".corrupt-20260105T021500Z" }

    init() throws { directory = try TemporaryDirectory() }

    private func open() throws -> Store {
        try Store(directory: directory.path, zone: zone, onCorruption: .setAside(at: start))
    }

    /// Gone when `body` returns, the lock too.
    private func opened<Result>(_ body: (Store) throws -> Result) throws -> Result { try body(try open()) }

    private func setAside() throws -> String? { try opened { $0.setAside?.path } }

    /// A batch large enough to spread over pages: values that do not compress.
    private func batch(_ number: Int64) -> Batch {
        var random = SystemRandomNumberGenerator()
        var batch = Batch()
        batch.at = start + number
        batch.closedThrough = start
        batch.readings = (0..<300).map {
            Reading(
                series: SeriesID(1), time: start + number * 300 + $0,
                value: Double(random.next() >> 12))
        }
        batch.losses[LossKey(source: "mqtt-qos1", domain: "test")] = {
            var counters = LossCounters()
            counters.received = 1
            counters.stored = 1
            return counters
        }()
        return batch
    }

    private func write(_ numbers: Range<Int64>, to store: Store) throws {
        let writer = try BatchWriter(
            store: store, acknowledgementLimit: 100, quarantineRows: 10, quarantineBytes: 1 << 20)
        for number in numbers { try writer.write(batch(number)) }
    }

    /// Forty batches in the file, and ten more in the log if it is to be there.
    /// - Returns: pages of the file that hold rows of the journal: not the schema, without which SQLite does not even open it.
    @discardableResult
    private func fill(withLog: Bool = true) throws -> [Int] {
        let (kept, pages) = try opened { store in
            try write(0..<40, to: store)
            _ = try store.pool.writeWithoutTransaction { db in try db.checkpoint(.truncate) }
            let pages = try store.pool.read { db in
                try Int.fetchAll(
                    db, sql: "SELECT pageno FROM dbstat WHERE name = 'journal' AND pagetype = 'leaf'")
            }
            if withLog { try write(40..<50, to: store) }
            // As a kill leaves it: closing would copy the log back.
            let kept = try contents()
            try store.close()
            return (kept, pages)
        }
        for (suffix, data) in kept { try data.write(to: URL(fileURLWithPath: path + suffix)) }
        return pages
    }

    private func contents(of path: String? = nil) throws -> [String: Data] {
        var found: [String: Data] = [:]
        for suffix in suffixes {
            let file = (path ?? self.path) + suffix
            guard FileManager.default.fileExists(atPath: file) else { continue }
            found[suffix] = try Data(contentsOf: URL(fileURLWithPath: file))
        }
        return found
    }

    private func damage(_ suffix: String = "", at offset: UInt64, _ bytes: [UInt8]) throws {
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path + suffix))
        try file.seek(toOffset: offset)
        try file.write(contentsOf: Data(bytes))
        try file.close()
    }

    private func truncate(_ suffix: String = "", to length: UInt64) throws {
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path + suffix))
        try file.truncate(atOffset: length)
        try file.close()
    }

    /// The start sets the files aside as they were, and the new store works.
    private func expectSetAside(sourceLocation: SourceLocation = #_sourceLocation) throws {
        let before = try contents()
        #expect(throws: StoreError.self, sourceLocation: sourceLocation) {
            _ = try Store(directory: directory.path, zone: zone)
        }
        try opened { store in
            #expect(store.setAside?.path == target, sourceLocation: sourceLocation)
            try expectWorking(store, sourceLocation: sourceLocation)
            try store.close()
        }
        let after = try contents(of: target)
        // The log's index is no data: SQLite makes it anew at every first opening.
        for suffix in ["", "-wal"] {
            let old = before[suffix] ?? Data()
            #expect((after[suffix] ?? Data()) == old, "\(suffix)", sourceLocation: sourceLocation)
        }
        #expect(SetAside.all(in: directory.path) == [target], sourceLocation: sourceLocation)
        try opened { store in
            let stored = try store.reader.losses().map(\.stored)
            #expect(store.setAside == nil, sourceLocation: sourceLocation)
            #expect(stored == [3], sourceLocation: sourceLocation)
        }
    }

    private func expectWorking(_ store: Store, sourceLocation: SourceLocation = #_sourceLocation) throws {
        try write(0..<3, to: store)
        #expect(try store.reader.losses().map(\.stored) == [3], sourceLocation: sourceLocation)
    }

    private func damage(_ pages: [Int]) throws {
        // What the log has newer is not read from the file.
        for page in pages.dropLast(2) {
            try damage(at: UInt64(page - 1) * 4_096, [UInt8](repeating: 0x5A, count: 4_096))
        }
    }

    @Test("is set aside if its header is no database's")
    func header() throws {
        try fill(withLog: false)
        try damage(at: 0, Array("this is no database".utf8))
        try expectSetAside()
    }

    @Test("is set aside if a page in its middle is not what it should be")
    func page() throws {
        try damage(try fill())
        try expectSetAside()
    }

    @Test("is set aside if its end is missing")
    func truncated() throws {
        try fill(withLog: false)
        try truncate(to: UInt64(try contents()[""]!.count / 4_096 / 2 * 4_096))
        try expectSetAside()
    }

    @Test("is set aside if it is empty and its log is not: SQLite would delete the log")
    func empty() throws {
        try fill()
        try truncate(to: 0)
        try expectSetAside()
    }

    @Test("is set aside if a journal block the start needs cannot be read")
    func block() throws {
        try opened { store in
            try write(0..<3, to: store)
            try store.pool.write { db in
                try db.execute(sql: "UPDATE journal SET block = zeroblob(length(block)) WHERE id = 2")
            }
            try store.close()
        }
        try expectSetAside()
    }

    @Test("is opened as ever if only the end of its log is not sound: that is what a power cut leaves")
    func log() throws {
        try fill()
        let size = try contents()["-wal"]!.count
        try damage("-wal", at: UInt64(size / 2), [UInt8](repeating: 0x5A, count: 5_000))
        let store = try open()
        #expect(store.setAside == nil)
        #expect(SetAside.all(in: directory.path).isEmpty)
        let stored = try #require(try store.reader.losses().first?.stored)
        #expect((40..<50).contains(stored))
    }

    @Test("is opened as ever if its log is nothing but rubbish")
    func rubbish() throws {
        try fill()
        try Data((0..<9_000).map { UInt8(truncatingIfNeeded: $0 &* 37) }).write(
            to: URL(fileURLWithPath: path + "-wal"))
        let store = try open()
        #expect(store.setAside == nil)
        #expect(try store.reader.losses().map(\.stored) == [40])
    }

    @Test("does not take the place of one that was set aside in the same second")
    func twice() throws {
        try damage(try fill())
        #expect(try setAside() == target)
        let first = try contents(of: target)
        try damage(try fill())
        #expect(try setAside() == target + ".2")
        #expect(try contents(of: target) == first)
        #expect(SetAside.all(in: directory.path) == [target, target + ".2"])
        try expectWorking(try open())
    }

    @Test("stays where it is for those who did not ask to have it moved")
    func refused() throws {
        try fill(withLog: false)
        try damage(at: 0, Array("this is no database".utf8))
        let before = try contents()
        #expect { _ = try Store(directory: directory.path, zone: zone) } throws: { error in
            (error as? StoreError)?.isCorrupt == true
        }
        #expect(throws: (any Error).self) { _ = try StoreReader(directory: directory.path) }
        #expect(try contents() == before)
        #expect(SetAside.all(in: directory.path).isEmpty)
    }

    @Test("is one thing; a newer version, a second writer and a file without rights are others, and stay")
    func refusals() throws {
        try opened { store in
            #expect(throws: StoreError.inUse(directory.path)) { _ = try open() }
            try store.pool.write { db in
                try db.execute(sql: "INSERT INTO grdb_migrations VALUES ('from the future')")
            }
            try store.close()
        }
        #expect(throws: StoreError.newerVersion(path)) { _ = try open() }
        let other = try TemporaryDirectory()
        // Reading it fails, whoever asks.
        try FileManager.default.createDirectory(
            atPath: Store.path(in: other.path), withIntermediateDirectories: true)
        #expect {
            _ = try Store(directory: other.path, zone: zone, onCorruption: .setAside(at: start))
        } throws: { error in
            if case StoreError.notWritable = error { true } else { false }
        }
        #expect(SetAside.all(in: directory.path).isEmpty)
        #expect(SetAside.all(in: other.path).isEmpty)
    }

    @Test("of somebody else, sound but not ours, is refused and stays")
    func foreign() throws {
        let queue = try DatabaseQueue(path: path)
        try queue.write { db in try db.execute(sql: "CREATE TABLE device(x)") }
        try queue.close()
        let before = try contents()[""]
        #expect { _ = try open() } throws: { error in
            if case StoreError.unusable = error { true } else { false }
        }
        #expect(try contents()[""] == before)
        #expect(SetAside.all(in: directory.path).isEmpty)
    }

    @Test("is set aside whole, wherever between its files a start was killed", arguments: 0...4)
    func interrupted(after steps: Int) throws {
        try damage(try fill())
        // A file that a crash in rollback mode may leave: it must go with the others, or it is played into the new one.
        try Data("rest".utf8).write(to: URL(fileURLWithPath: path + "-journal"))
        let before = try contents()
        let moves = SetAside.moves(from: path, to: target)
        #expect(moves.map(\.from) == suffixes.map { path + $0 })
        for move in moves.prefix(steps) {
            try FileManager.default.moveItem(atPath: move.from, toPath: move.to)
        }
        let later = start + 5 * Span.minute
        let store = try Store(directory: directory.path, zone: zone, onCorruption: .setAside(at: later))
        let expected = steps == 0 ? path + ".corrupt-20260105T022000Z" : target
        #expect(store.setAside?.path == expected, "\(store.setAside?.reason ?? "-")")
        let after = try contents(of: expected)
        for suffix in ["", "-wal"] { #expect(after[suffix] == before[suffix], "\(suffix)") }
        #expect(SetAside.all(in: directory.path) == [expected])
        try expectWorking(store)
    }

    @Test("whose file is gone and whose log is not keeps the log")
    func lost() throws {
        try fill()
        let before = try contents()
        try FileManager.default.removeItem(atPath: path)
        #expect { _ = try Store(directory: directory.path, zone: zone) } throws: { error in
            (error as? StoreError)?.isCorrupt == true
        }
        let store = try open()
        #expect(store.setAside?.path == target)
        #expect(try contents(of: target)["-wal"] == before["-wal"])
        try expectWorking(store)
    }

    @Test("that shows only in work ends it with the error for damage, and the next start finds it")
    func atWork() throws {
        try fill(withLog: false)
        try Misfiling.misfile(path, behind: "journal_to", "UPDATE journal SET to_ms = to_ms + 1 WHERE id = 5")
        let before = try opened { store in
            #expect(store.setAside == nil)
            let error = #expect(throws: StoreError.self) {
                while try store.purge(now: start + 365 * Span.day, raw: 0, rollups: [:]) > 0 {}
            }
            #expect(error?.isCorrupt == true)
            let before = try contents()
            try store.close()
            #expect(try contents()["-wal"] == before["-wal"])
            return before
        }
        #expect(try setAside() == target)
        #expect(try contents(of: target)[""] == before[""])
        try expectWorking(try open())
    }

    @Test("that is met by a write is told apart from a write that may be tried again")
    func write() throws {
        try fill(withLog: false)
        let store = try open()
        let writer = try BatchWriter(
            store: store, acknowledgementLimit: 100, quarantineRows: 10, quarantineBytes: 1 << 20)
        let page = try index("loss")
        try damage(at: UInt64(page - 1) * 4_096, [UInt8](repeating: 0x5A, count: 4_096))
        // The page cache has it still: what is read from now on is what lies on the disk.
        try store.pool.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA shrink_memory") }
        let error = #expect(throws: StoreError.self) { try writer.write(batch(60)) }
        #expect(error?.isCorrupt == true)
    }

    @Test("that turns out to be sound is no longer suspected")
    func falseAlarm() throws {
        try fill()
        Suspicion.note(path, reason: "a bit that fell in memory")
        let store = try open()
        #expect(store.setAside == nil)
        #expect(!Suspicion.isNoted(path))
        #expect(try store.reader.losses().map(\.stored) == [50])
    }

    /// First page of a table or an index.
    private func index(_ name: String) throws -> Int {
        var configuration = Configuration()
        configuration.readonly = true
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        defer { try? queue.close() }
        return try queue.read { db in
            try #require(
                try Int.fetchOne(
                    db, sql: "SELECT rootpage FROM sqlite_master WHERE name = ?", arguments: [name]))
        }
    }
}

extension StoreError {
    fileprivate var isCorrupt: Bool { if case .corrupt = self { true } else { false } }
}
