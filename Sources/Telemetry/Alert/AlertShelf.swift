/// An alert that an operator has set aside for a time: it goes on being evaluated, and nobody is told (shelving, ISA-18.2
/// and IEC 62682).
package struct AlertShelf: Sendable, Equatable {
    /// A shift and its handover: who wants it longer says so again, and is asked for the reason again.
    package static let longest = 12 * Span.hour
    /// So long before its end it is told that it ends.
    package static let notice = 10 * Span.minute

    package let until: Milliseconds
    /// Whether it ends with the condition, too.
    package let isOneShot: Bool
    /// Whether it was told that it ends; not of one so short that nobody has forgotten it.
    package internal(set) var isNoticed: Bool

    package init(until: Milliseconds, isOneShot: Bool, isNoticed: Bool) {
        self.until = until
        self.isOneShot = isOneShot
        self.isNoticed = isNoticed
    }

    init(from start: Milliseconds, until: Milliseconds, isOneShot: Bool) {
        self.init(
            until: min(until, start + Self.longest), isOneShot: isOneShot,
            isNoticed: until - start < 2 * Self.notice)
    }
}
