import Telemetry

/// When the bell rings: at something new, and again until somebody has taken something or wants no bell.
struct WatchBell: Sendable, Equatable {
    static let interval = 30 * Span.second

    private(set) var isMuted = false
    private var isSounding = false
    /// Of the last ring, as far as the clock has told.
    private var rang: Milliseconds?

    /// - Returns: whether it rings.
    mutating func announce() -> Bool {
        isSounding = true
        rang = nil
        return !isMuted
    }

    /// The clock reached `now`.
    /// - Returns: whether it rings again.
    mutating func tick(_ now: Milliseconds) -> Bool {
        guard isSounding else { return false }
        guard let rang else {
            self.rang = now
            return false
        }
        guard now - rang >= Self.interval else { return false }
        self.rang = now
        return !isMuted
    }

    /// Somebody has taken something, or nothing is left to take.
    mutating func quieten() { isSounding = false }

    mutating func toggle() {
        isMuted.toggle()
        if isMuted { isSounding = false }
    }
}
