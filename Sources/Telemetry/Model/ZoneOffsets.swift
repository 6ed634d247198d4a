/// A time zone as data: from which moment on which offset from UTC holds.
///
/// Looked up from the system's zone table once, at the edge; the rules that use it stay free of I/O.
package struct ZoneOffsets: Sendable, Equatable {
    package struct Transition: Sendable, Equatable {
        package var from: Milliseconds
        package var offset: Milliseconds
        package init(from: Milliseconds, offset: Milliseconds) {
            self.from = from
            self.offset = offset
        }
    }

    package let name: String
    /// In order of `from`; the first also holds for everything before it.
    package let transitions: [Transition]

    package init(name: String, transitions: [Transition]) {
        precondition(!transitions.isEmpty, "a zone has at least one offset")
        self.name = name
        self.transitions = transitions
    }

    package init(name: String, fixedOffset: Milliseconds) {
        self.init(name: name, transitions: [Transition(from: .min, offset: fixedOffset)])
    }

    package static let utc = ZoneOffsets(name: "UTC", fixedOffset: 0)

    /// Local minus UTC at a moment.
    package func offset(at time: Milliseconds) -> Milliseconds {
        if transitions.count == 1 { return transitions[0].offset }
        var low = 0
        var high = transitions.count
        while low < high {
            let middle = (low + high) / 2
            if transitions[middle].from <= time { low = middle + 1 } else { high = middle }
        }
        return transitions[max(low - 1, 0)].offset
    }

    /// The moment at which local clocks show `local` (milliseconds as if UTC). Of two such moments the first; in a gap,
    /// the moment the clocks would have shown it without the jump.
    package func utc(fromLocal local: Milliseconds) -> Milliseconds {
        let before = offset(at: local - Span.day)
        let candidate = local - before
        if offset(at: candidate) == before { return candidate }
        let after = offset(at: local + Span.day)
        return offset(at: local - after) == after ? local - after : candidate
    }

    /// `2026-01-05T08:02:03+07:00`.
    package func iso8601(_ time: Milliseconds) -> String {
        let offset = offset(at: time)
        let minutes = abs(offset) / Span.minute
        let hours = minutes / 60
        let rest = minutes % 60
        let sign = offset < 0 ? "-" : "+"
        let suffix = "\(sign)\(hours < 10 ? "0" : "")\(hours):\(rest < 10 ? "0" : "")\(rest)"
        return Civil.iso8601(time + offset, suffix: suffix)
    }
}
