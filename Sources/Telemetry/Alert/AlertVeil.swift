/// Why an alert is kept from the operators although it is there. It goes on being evaluated behind it.
package enum AlertVeil: Sendable, Equatable {
    /// An operator has set it aside for a time.
    case shelf(AlertShelf)
    /// Its device's gateway was down when it came up: what it comes from is known (suppressed by design, ISA-18.2 5.3.2.9).
    case suppression
    /// Somebody works on it, until it is put into service again.
    case outOfService

    /// What operators see while it is there.
    package var state: AlertState {
        switch self {
        case .shelf: .shelved
        case .suppression: .suppressed
        case .outOfService: .outOfService
        }
    }
}

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

    /// The next moment at which there is something to tell of it.
    package var due: Milliseconds { isNoticed ? until : until - Self.notice }
}
