import Console
import Glibc
import Synchronization
import Telemetry

/// What became of the reloads: those asked for of this process, and those it came out of.
final class Reloads: Sendable {
    private struct State {
        var done = 0
        var refused = 0
        var last: StatusAnswer.Reload?
        var isDue = false
    }

    private let state: Mutex<State>
    /// Whether this process began with a reload and not with a start.
    let isReloaded: Bool

    /// Carries the figures over from one image of the process to the next.
    private static let variable = "IOC_RELOADS"
    /// Mistakes shown in the status; all are in the log.
    static let shownFaults = 20

    /// - Parameter carried: what the image before left; nil after a start.
    init(carried: String? = nil) {
        var state = State()
        let figures = (carried ?? "").split(separator: " ").compactMap { Int64($0) }
        isReloaded = figures.count == 3
        if isReloaded {
            state.done = Int(figures[0])
            state.refused = Int(figures[1])
            state.last = .init(
                atMs: figures[2], result: "done", faults: [], done: state.done, refused: state.refused)
        }
        self.state = Mutex(state)
    }

    /// Of this process. What it starts itself is no reload.
    static func ofThisProcess() -> Reloads {
        let carried = getenv(variable).map { String(cString: $0) }
        unsetenv(variable)
        return Reloads(carried: carried)
    }

    /// The last one, nil if there was none.
    var last: StatusAnswer.Reload? { state.withLock { $0.last } }
    var figures: (done: Int, refused: Int) { state.withLock { ($0.done, $0.refused) } }
    /// Whether the process is to be replaced once it has ended as it should.
    var isDue: Bool { state.withLock { $0.isDue } }

    /// The files are sound: they are taken up by a new image.
    func accept(at now: Milliseconds) {
        state.withLock { state in
            state.isDue = true
            state.done += 1
            setenv(Self.variable, "\(state.done) \(state.refused) \(now)", 1)
        }
    }

    /// The old set stays.
    func refuse(_ faults: [String], at now: Milliseconds) {
        state.withLock { state in
            state.refused += 1
            state.last = .init(
                atMs: now, result: "refused", faults: Array(faults.prefix(Self.shownFaults)),
                done: state.done,
                refused: state.refused)
        }
    }
}
