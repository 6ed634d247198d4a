/// What a rule says about time and about the people who answer it, whatever its condition is.
package struct AlertConduct: Sendable, Equatable {
    /// A unit that is told when nobody has taken the alert so long.
    package struct Escalation: Sendable, Equatable {
        package var after: Milliseconds
        package var unit: String

        package init(after: Milliseconds, unit: String) {
            self.after = after
            self.unit = unit
        }
    }

    /// The condition must hold this long.
    package var onDelay: Milliseconds
    /// The condition must be gone this long, shown by data.
    package var offDelay: Milliseconds
    /// Whether it must be reset by hand after the condition is gone.
    package var latches: Bool
    /// So long an acknowledgement is good for while the condition stands; nil for ever.
    package var acknowledgementAge: Milliseconds?
    /// In order of `after`.
    package var escalations: [Escalation]

    package init(
        onDelay: Milliseconds = 0, offDelay: Milliseconds = 0, latches: Bool = false,
        acknowledgementAge: Milliseconds? = nil, escalations: [Escalation] = []
    ) {
        self.onDelay = onDelay
        self.offDelay = offDelay
        self.latches = latches
        self.acknowledgementAge = acknowledgementAge
        self.escalations = escalations
    }
}
