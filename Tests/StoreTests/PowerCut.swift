import CCrashVFS
import TestSupport
import Testing

/// A directory whose power can be cut, at any sync or write: what a disk would have left is written elsewhere, and the store
/// that works there knows nothing of it.
final class PowerCut {
    enum Moment: CaseIterable {
        case beforeSync, afterSync, beforeWrite, afterWrite
    }
    enum Fault: CaseIterable {
        case sync, write, full, truncate
    }

    private let plan: OpaquePointer

    init(_ directory: String, seed: UInt64, sector: Int32) throws {
        let code = crash_install()
        #expect(code == 0)
        plan = try #require(crash_arm(directory, seed, sector))
    }

    deinit { crash_disarm(plan) }

    /// How far the workload has come: what an image taken from now on carries.
    func note(_ position: Int) { crash_note(plan, Int64(position)) }

    /// - Parameter number: 1 is the first sync or write since the directory was watched.
    func schedule(_ moment: Moment, number: Int, into directory: String) -> Int32 {
        let isSync = moment == .beforeSync || moment == .afterSync
        let isAfter = moment == .afterSync || moment == .afterWrite
        return crash_schedule(
            plan, isSync ? CRASH_SYNC : CRASH_WRITE, UInt64(number), isAfter ? 1 : 0, directory)
    }

    func now(into directory: String) -> Int32 { crash_now(plan, directory) }

    /// The note of an image; nil if the moment has not come.
    func taken(_ image: Int32) throws -> Int? {
        let note = crash_taken(plan, image)
        try #require(note > -2, "an image could not be written")
        return note < 0 ? nil : Int(note)
    }

    /// - Parameter number: 1 is the next operation of its kind on a file of the role.
    func fail(_ fault: Fault, on role: crash_role, number: Int, times: Int = 1) {
        let (operation, code) =
            switch fault {
            case .sync: (CRASH_SYNC, crash_code_sync)
            case .write: (CRASH_WRITE, crash_code_write)
            case .full: (CRASH_WRITE, crash_code_full)
            case .truncate: (CRASH_TRUNCATE, crash_code_truncate)
            }
        crash_fail(plan, operation, role, UInt64(number), UInt64(times), code)
    }

    var faults: Int { Int(crash_failed(plan)) }
}

extension SeededGenerator {
    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
    mutating func happens(_ times: Int, in outOf: Int) -> Bool { below(outOf) < times }
    mutating func pick<Choice>(_ choices: [Choice]) -> Choice { choices[below(choices.count)] }
}
