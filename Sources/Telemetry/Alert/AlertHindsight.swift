/// What late data would have made of a decision that was taken without it. Nothing is undone: it is told, so that nobody
/// need wonder why stored values and alerts do not fit.
package struct AlertHindsight: Sendable, Equatable {
    package var rule: String
    package var scope: String
    /// The moment that would have been judged otherwise, in event time.
    package var at: Milliseconds
    package var value: Double
    package var limit: Double
    /// Whether the condition holds there as it is known now.
    package var holds: Bool

    package init(
        rule: String, scope: String, at: Milliseconds, value: Double, limit: Double, holds: Bool
    ) {
        self.rule = rule
        self.scope = scope
        self.at = at
        self.value = value
        self.limit = limit
        self.holds = holds
    }
}
