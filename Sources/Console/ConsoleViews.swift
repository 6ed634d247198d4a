package import Store
import Synchronization
package import Telemetry

/// Views of the scopes that are watched, so that many clients of one scope cost no more than one.
///
/// Only a memory of what the store says: one that is let go is made again, and is the same.
package final class ConsoleViews: Sendable {
    /// The one used longest ago gives way. A view of ten thousand alerts takes about two megabytes.
    static let most = 64

    private struct Kept {
        var view: ConsoleView
        var used: Int
    }
    private struct State {
        var views: [ConsoleScope: Kept] = [:]
        var uses = 0
    }

    private let state = Mutex(State())

    package init() {}

    /// The view as of `now`. Blocks while it reads.
    func view(_ scope: ConsoleScope, _ reader: StoreReader, at now: Milliseconds) throws -> ConsoleView {
        try state.withLock { state in
            state.uses += 1
            var view: ConsoleView
            if let kept = state.views[scope] {
                view = kept.view
                // Not copied while it changes.
                state.views[scope] = nil
                try reader.advance(&view, of: scope, to: now)
            } else {
                view = try reader.consoleView(scope, at: now)
            }
            state.views[scope] = Kept(view: view, used: state.uses)
            if state.views.count > Self.most,
                let oldest = state.views.min(by: { $0.value.used < $1.value.used })
            {
                state.views[oldest.key] = nil
            }
            return view
        }
    }

    /// Every one of `domains`, in flood or not.
    package func floods(in domains: [String], _ reader: StoreReader, at now: Milliseconds) throws
        -> [FloodAnswer]
    {
        try domains.map { domain in
            let flood = try view(ConsoleScope(domain: domain), reader, at: now).flood
            return FloodAnswer(
                domain: domain, isFlood: flood != nil, sinceMs: flood?.since, count: flood?.count ?? 0)
        }
    }

    func picture(_ scope: ConsoleScope, _ reader: StoreReader, at now: Milliseconds) throws -> ConsolePicture
    {
        let view = try view(scope, reader, at: now)
        let open = try reader.openCounts(scope)
        return ConsolePicture(view, open: open.states, priorities: open.priorities)
    }
}
