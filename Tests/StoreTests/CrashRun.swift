import CCrashVFS
import Foundation
import GRDB
import Synchronization
import Telemetry
import TestSupport
import Testing

@testable import Store

/// A store at work under a seed, its power cut at moments the seed chooses, and every store that comes up afterwards held
/// against what it must hold: each batch whose `write` had returned, and of the one in flight all or nothing.
struct CrashRun {
    /// What went wrong.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }
    struct Options {
        /// Set after opening, to see that the test can fail; nil leaves the product as it is.
        var synchronous: String?
        /// Operations of the disk fail while the store works, and are tried again.
        var hasFaults = false
        var steps = 30
    }

    private let seed: UInt64
    private let options: Options
    private let root: TemporaryDirectory
    private var random: SeededGenerator
    private var workload: Workload
    private var directories = 0
    /// Stores that came up after a power cut.
    private(set) var images = 0
    private(set) var faults = 0
    /// Starts because a sync of the file had failed.
    private(set) var restarts = 0
    /// Runs of the journal that were rewritten.
    private(set) var compactions = 0
    /// Windows that were gathered.
    private(set) var gathered: Int64 = 0

    init(seed: UInt64, options: Options = Options()) throws {
        self.seed = seed
        self.options = options
        root = try TemporaryDirectory()
        random = SeededGenerator(seed: seed)
        workload = Workload(seed: seed ^ 0xC0FFEE)
    }

    /// - Throws: `Failure`.
    mutating func run() throws {
        do {
            try live(in: try directory(), candidates: [StoreContents()], generation: 0)
        } catch let error where !(error is Failure) {
            throw failure("\(error)")
        }
    }

    private mutating func directory() throws -> String {
        directories += 1
        let path = "\(root.path)/\(directories)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    /// A store opened, worked with, and cut off; then the lives after it.
    /// - Parameter candidates: what it may hold when it is opened.
    private mutating func live(in directory: String, candidates: [StoreContents], generation: Int) throws {
        let steps = generation == 0 ? options.steps : 5
        var cuts: [(image: Int32, directory: String)] = []
        let power = try PowerCut(
            directory, seed: random.next(), sector: random.pick([512, 4_096]))
        if generation < 2 {
            for _ in 0..<(generation == 0 ? 3 : 1) {
                let moment = random.pick(PowerCut.Moment.allCases)
                let isSync = moment == .beforeSync || moment == .afterSync
                // About as many as there will be; what lies behind the end is not taken.
                let number = 1 + random.below(isSync ? steps + 3 : 12 * steps)
                let place = try self.directory()
                cuts.append((power.schedule(moment, number: number, into: place), place))
            }
        }
        let history = try work(in: directory, power, candidates, steps)
        if generation == 0 {
            let place = try self.directory()
            power.note(history.count - 1)
            cuts.append((power.now(into: place), place))
        }
        faults += power.faults
        for (image, place) in cuts {
            guard let position = try power.taken(image) else { continue }
            images += 1
            // As it was at the cut, or with the change that was under way.
            let next = Array(history[position...].prefix(2))
            try live(in: place, candidates: next, generation: generation + 1)
            try FileManager.default.removeItem(atPath: place)
        }
        withExtendedLifetime(power) {}
    }

    /// - Returns: what the store held after opening, and after each change that was done.
    private mutating func work(
        in directory: String, _ power: PowerCut, _ candidates: [StoreContents], _ steps: Int
    ) throws -> [StoreContents] {
        var shop: Shop! = try Shop(opened(directory))
        var history = [try recognise(shop.store, candidates)]
        try adjust(shop.store)
        for _ in 0..<steps {
            if options.hasFaults, random.happens(1, in: 3) { breakSomething(power) }
            var state = history[history.count - 1]
            switch workload.step() {
            case .batch(let batch):
                try persist(&shop, history.last!) { try $0.writer.write(batch) }
                state.apply(
                    batch, acknowledgementLimit: Workload.acknowledgementLimit,
                    quarantineRows: Workload.quarantineRows)
            case .register(let profiles, let devices):
                try persist(&shop, history.last!) {
                    _ = try $0.store.register(profiles: profiles, devices: devices)
                }
                state.registered = Set(devices.map(\.key))
            case .purge(let raw, let rollups):
                try persist(&shop, history.last!) {
                    try $0.store.purge(
                        now: 0, raw: -raw,
                        rollups: Dictionary(uniqueKeysWithValues: Tier.allCases.map { ($0, -rollups) }))
                }
                state.purge(raw: raw, rollups: rollups)
            case .compact:
                var step = Compactor.Step.nothing
                try persist(&shop, history.last!) { step = try Compactor(store: $0.store).step(now: .max) }
                if case .rewritten(let ids) = step {
                    compactions += 1
                    state.compact(ids)
                }
            case .gather(let closedThrough):
                var moved: Int64 = 0
                try persist(&shop, history.last!) {
                    let gatherer = Gatherer(store: $0.store)
                    try gatherer.step(closedThrough: closedThrough)
                    moved = gatherer.rows.load(ordering: .relaxed)
                }
                gathered += moved
            case .checkpoint(let kind): checkpoint(shop.store, kind)
            case .holdReader: shop.reader = try shop.reader ?? shop.store.pool.makeSnapshot()
            case .releaseReader: shop.reader = nil
            }
            if state != history.last { history.append(state) }
            power.note(history.count - 1)
        }
        if shop.store.keeper.hasFailed { try restart(&shop, history.last!) }
        try compare(shop.store, history.last!, "at work")
        if random.happens(1, in: 2) {
            shop.reader = nil
            try? shop.store.close()
        }
        return history
    }

    /// A service as long as it runs.
    private struct Shop {
        let store: Store
        let writer: BatchWriter
        var reader: DatabaseSnapshot?

        init(_ store: Store) throws {
            self.store = store
            writer = try BatchWriter(
                store: store, acknowledgementLimit: Workload.acknowledgementLimit,
                quarantineRows: Workload.quarantineRows, quarantineBytes: 1 << 20)
        }
    }

    /// The service ends, and its supervisor starts it again; a reader of another program may stay.
    private mutating func restart(_ shop: inout Shop!, _ expected: StoreContents) throws {
        restarts += 1
        let directory = shop!.store.directory
        let reader = shop!.reader
        try? shop!.store.close()
        shop = nil
        // A start may meet a fault as well, and is tried again.
        for _ in 0..<40 where shop == nil {
            do {
                shop = try Shop(Store(directory: directory, zone: Workload.zone))
            } catch StoreError.notWritable {}
        }
        guard shop != nil else { throw failure("does not start after 40 attempts") }
        shop!.reader = reader
        try adjust(shop!.store)
        try compare(shop!.store, expected, "after a restart")
    }

    private func opened(_ directory: String) throws -> Store {
        do {
            return try Store(directory: directory, zone: Workload.zone)
        } catch {
            throw failure("does not open: \(error)")
        }
    }

    /// What a store came up with must be one of the candidates, and sound.
    private func recognise(_ store: Store, _ candidates: [StoreContents]) throws -> StoreContents {
        let health = try store.pool.read { db in try String.fetchOne(db, sql: "PRAGMA integrity_check(1)") }
        guard health == "ok" else { throw failure("not sound: \(health ?? "")") }
        let found = try StoreContents(of: store)
        if let known = candidates.first(where: { $0 == found }) { return known }
        let batch = found.meta["batch"] ?? 0
        let expected = candidates.map { $0.meta["batch"] ?? 0 }
        throw failure(
            batch < expected[0]
                ? "lost batches: \(batch) instead of \(expected)"
                : "batch \(batch) of \(expected), not whole: \(found.differences(from: candidates.last!))")
    }

    private func compare(_ store: Store, _ expected: StoreContents, _ place: String) throws {
        let found = try StoreContents(of: store)
        guard found == expected else {
            throw failure("\(place): \(found.differences(from: expected)) differ")
        }
    }

    private mutating func adjust(_ store: Store) throws {
        let pages = random.pick([5, 30, 4_000])
        store.keeper.setLimit(pages)
        try store.pool.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA journal_size_limit = \(pages * 4_096)")
            if let mode = options.synchronous { try db.execute(sql: "PRAGMA synchronous = \(mode)") }
        }
    }

    private mutating func breakSomething(_ power: PowerCut) {
        power.fail(
            random.pick(PowerCut.Fault.allCases), on: random.pick([CRASH_LOG, CRASH_LOG, CRASH_DATABASE]),
            number: 1 + random.below(random.pick([1, 4, 12])), times: 1 + random.below(2))
    }

    /// Tries until it works, as the drain does; what failed must have left nothing.
    private mutating func persist(
        _ shop: inout Shop!, _ before: StoreContents, _ work: (Shop) throws -> Void
    ) throws {
        for _ in 0..<40 {
            do {
                return try work(shop)
            } catch {
                guard options.hasFaults else { throw failure("fails without a fault: \(error)") }
                switch error {
                case StoreError.corrupt: throw failure("a fault is taken for damage: \(error)")
                case StoreError.syncFailed: try restart(&shop, before)
                default: try compare(shop.store, before, "after \(error)")
                }
            }
        }
        throw failure("is not stored after 40 attempts")
    }

    /// A checkpoint that is refused (a reader is in the way) or fails is no failure: the log stays.
    private func checkpoint(_ store: Store, _ kind: Workload.Checkpointing) {
        let mode: Database.CheckpointMode =
            switch kind {
            case .passive: .passive
            case .full: .full
            case .restart: .restart
            case .truncate: .truncate
            }
        try? store.copyBack(mode, patience: 0)
    }

    private func failure(_ sentence: String) -> Failure {
        Failure(description: "CRASH_SEED=\(seed): \(sentence)")
    }
}
