/// One bound of the service; docs/configuration.md has a table of all, with what happens beyond each.
package struct LimitAnswer: Codable, Sendable, Equatable {
    /// The last part of its key in `ioc.yaml`, or a word of its own if it is fixed.
    package var limit: String
    package var bound: Int64
    /// How much of it is taken now, nil where that is no figure.
    package var used: Int64?
    /// What was beyond it since the start: refused, put off or let go.
    package var beyond: Int64

    package init(_ limit: String, bound: Int64, used: Int64? = nil, beyond: Int64) {
        self.limit = limit
        self.bound = bound
        self.used = used
        self.beyond = beyond
    }

    package init(_ limit: String, bound: Int, used: Int64? = nil, beyond: Int64) {
        self.init(limit, bound: Int64(bound), used: used, beyond: beyond)
    }

    package var isOver: Bool { (used ?? 0) > bound }
    /// Whether going beyond is how it works, and no news: a ring forgets the oldest for each new one.
    package var isRoutine: Bool { limit == "acknowledgements" }
}
