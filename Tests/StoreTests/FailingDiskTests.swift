import CCrashVFS
import Foundation
import GRDB
import Telemetry
import TestSupport
import Testing

@testable import Store

@Suite("A failing disk")
struct FailingDiskTests {
    private let root: TemporaryDirectory
    private let directory: String

    init() throws {
        root = try TemporaryDirectory()
        directory = try root.make("data")
    }

    private func open(_ directory: String? = nil) throws -> Store {
        try Store(directory: directory ?? self.directory, zone: Workload.zone)
    }

    private func writer(_ store: Store) throws -> BatchWriter {
        try BatchWriter(
            store: store, acknowledgementLimit: Workload.acknowledgementLimit,
            quarantineRows: Workload.quarantineRows, quarantineBytes: 1 << 20)
    }

    private func apply(_ batch: Batch, to contents: inout StoreContents) {
        contents.apply(
            batch, acknowledgementLimit: Workload.acknowledgementLimit,
            quarantineRows: Workload.quarantineRows)
    }

    @Test(
        "that fails the sync of a commit: the write throws, nothing of it is seen, and the next attempt stores it",
        arguments: 1...12 as ClosedRange<UInt64>)
    func commit(seed: UInt64) throws {
        let power = try PowerCut(directory, seed: seed, sector: 512)
        let store = try open()
        let writer = try writer(store)
        var workload = Workload(seed: seed)
        var before = StoreContents()
        for _ in 0..<3 {
            let batch = workload.batch()
            try writer.write(batch)
            apply(batch, to: &before)
        }
        let batch = workload.batch()
        var after = before
        apply(batch, to: &after)
        let images = try (0..<2).map { try root.make("image\($0)") }

        power.fail(.sync, on: CRASH_LOG, number: 1)
        let error = #expect(throws: DatabaseError.self) { try writer.write(batch) }
        #expect(error?.resultCode == .SQLITE_IOERR)
        #expect(try StoreContents(of: store) == before)
        _ = power.now(into: images[0])
        try writer.write(batch)
        #expect(try StoreContents(of: store) == after)
        _ = power.now(into: images[1])

        // Nobody was told that it is stored: it may be, whole, or not.
        let atFailure = try StoreContents(of: try open(images[0]))
        #expect(atFailure == before || atFailure == after, "seed \(seed)")
        #expect(try StoreContents(of: try open(images[1])) == after, "seed \(seed)")
    }

    @Test(
        "that fails the sync of a part of the log copied back: no batch is taken any more until the log is taken up anew",
        arguments: 1...12 as ClosedRange<UInt64>)
    func partlyCopied(seed: UInt64) throws {
        let power = try PowerCut(directory, seed: seed, sector: 4_096)
        var workload = Workload(seed: seed)
        var contents = StoreContents()
        try {
            let store = try open()
            let writer = try writer(store)
            func write() throws {
                let batch = workload.batch()
                try writer.write(batch)
                apply(batch, to: &contents)
            }
            for _ in 0..<4 { try write() }
            // A reader that stays keeps what comes after it from being copied back.
            let reader = try store.pool.makeSnapshot()
            for _ in 0..<4 { try write() }
            power.fail(.sync, on: CRASH_DATABASE, number: 1)
            store.keeper.setLimit(1)
            // Stored, in the log: what fails is what comes after.
            try write()
            #expect(power.faults == 1)
            let path = Store.path(in: directory)
            #expect(throws: StoreError.syncFailed(path)) { try writer.write(workload.batch()) }
            #expect(throws: StoreError.syncFailed(path)) { _ = try store.position() }
            try store.close()
            withExtendedLifetime(reader) {}
        }()
        let image = try root.make("image")
        _ = power.now(into: image)
        for place in [directory, image] {
            let store = try open(place)
            #expect(try StoreContents(of: store) == contents, "seed \(seed), \(place)")
            #expect(!Suspicion.isNoted(Store.path(in: place)))
            try store.close()
        }
        // What was copied back at last is whole without the log.
        #expect(try StoreContents(of: try open()) == contents, "seed \(seed)")
    }

    @Test(
        "at the start is a refusal, never taken for damage, and does no harm",
        arguments: PowerCut.Fault.allCases)
    func opening(fault: PowerCut.Fault) throws {
        var contents = StoreContents()
        var workload = Workload(seed: 7)
        try {
            let store = try open()
            let writer = try writer(store)
            for _ in 0..<5 {
                let batch = workload.batch()
                try writer.write(batch)
                apply(batch, to: &contents)
            }
        }()
        var refusals = 0
        for number in 1...12 {
            let power = try PowerCut(directory, seed: UInt64(number), sector: 512)
            power.fail(fault, on: CRASH_ANY_FILE, number: number)
            do {
                let store = try Store(
                    directory: directory, zone: Workload.zone, onCorruption: .setAside(at: Workload.midnight))
                #expect(store.setAside == nil)
            } catch StoreError.notWritable {
                refusals += 1
            }
            #expect(SetAside.all(in: directory).isEmpty)
            withExtendedLifetime(power) {}
        }
        // Nothing is cut at a start.
        #expect(refusals > 0 || fault == .truncate)
        #expect(try StoreContents(of: try open()) == contents)
    }
}

extension TemporaryDirectory {
    fileprivate func make(_ name: String) throws -> String {
        let place = "\(path)/\(name)"
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        return place
    }
}
