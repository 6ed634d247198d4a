import Console
import Logging
import ServiceLifecycle
import Store
import Telemetry

/// Looks at every bound now and then, empties a write-ahead log that is too large, and says in the log what is news.
struct LimitWatch: Service {
    let log: LogBound
    let limits: @Sendable () -> [LimitAnswer]
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var news = LimitNews(limits())
            while !Task.isCancelled {
                try? await Task.sleep(for: .seconds(10))
                do {
                    try log.look()
                } catch {
                    logger.warning("cannot empty the write-ahead log: \(error)")
                }
                for sentence in news.take(limits(), at: SystemClock.now()) { logger.warning("\(sentence)") }
            }
        }
    }
}

/// What is worth a line in the log: something new beyond a bound, but not every one of a flood.
struct LimitNews {
    private struct Told {
        var beyond: Int64
        var at: Milliseconds?
        var isOver = false
    }

    private var told: [String: Told]

    /// While more and more is beyond a bound this is how often it is said.
    static let pause = 10 * Span.minute

    /// - Parameter limits: how they are at the start, which is no news.
    init(_ limits: [LimitAnswer]) {
        told = Dictionary(uniqueKeysWithValues: limits.map { ($0.limit, Told(beyond: $0.beyond)) })
    }

    mutating func take(_ limits: [LimitAnswer], at now: Milliseconds) -> [String] {
        limits.compactMap { limit in
            var known = told[limit.limit] ?? Told(beyond: 0)
            defer { told[limit.limit] = known }
            if known.isOver, !limit.isOver {
                known.isOver = false
                return "limit \(limit.limit): within \(limit.bound) again"
            }
            guard !limit.isRoutine, limit.beyond > known.beyond,
                known.at.map({ now - $0 >= Self.pause }) ?? true
            else { return nil }
            known = Told(beyond: limit.beyond, at: now, isOver: limit.isOver)
            let used = limit.used.map { ", now \($0)" } ?? ""
            return "limit \(limit.limit): \(limit.bound)\(used); beyond it since the start: \(limit.beyond); "
                + "what that means is in docs/configuration.md, Limits"
        }
    }
}
