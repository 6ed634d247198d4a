/// An alert by what makes it unique: a replay cannot raise one twice.
package struct AlertIdentity: Hashable, Sendable, Codable {
    package var rule: String
    /// Key of the device or group.
    package var scope: String
    package var onset: Milliseconds

    package init(rule: String, scope: String, onset: Milliseconds) {
        self.rule = rule
        self.scope = scope
        self.onset = onset
    }
}

/// A transition of an alert: what is stored, streamed and shown.
package struct AlertEvent: Sendable, Equatable {
    package var identity: AlertIdentity
    package var domain: String
    package var ward: String
    package var priority: AlertPriority
    package var from: AlertState
    package var to: AlertState
    /// Event time of the transition.
    package var at: Milliseconds
    package var cause: AlertCause
    /// The value that decided, nil for operator actions.
    package var value: Double?
    package var limit: Double?
    package var summary: Title
    package var operatorName: String?
    package var comment: String?
    /// Of a shelved one.
    package var hiddenUntil: Milliseconds?
    /// Of one that is back in service: when the on-delay was over, for it may have come up unseen.
    package var raised: Milliseconds?
    /// Since when its device has been silent while the alert stands; nil while it is set aside.
    package var unverifiedSince: Milliseconds?
    /// The unit that acts: the rule's, or the one it was escalated to.
    package var lead = ""
    /// Version of the rule that made it.
    package var ruleVersion = ""

    package init(
        identity: AlertIdentity, domain: String, ward: String, priority: AlertPriority, from: AlertState,
        to: AlertState, at: Milliseconds, cause: AlertCause, value: Double? = nil, limit: Double? = nil,
        summary: Title, operatorName: String? = nil, comment: String? = nil
    ) {
        self.identity = identity
        self.domain = domain
        self.ward = ward
        self.priority = priority
        self.from = from
        self.to = to
        self.at = at
        self.cause = cause
        self.value = value
        self.limit = limit
        self.summary = summary
        self.operatorName = operatorName
        self.comment = comment
    }
}

/// What an operator asks for.
package struct AlertCommand: Sendable {
    package enum Action: Sendable, Equatable {
        case acknowledge
        case unacknowledge
        /// Of a latched one.
        case reset
        /// - isOneShot: until the condition goes, if that is sooner.
        case shelve(until: Milliseconds, isOneShot: Bool)
        case unshelve
        /// Of a rule on a device, whether or not there is an alert.
        case takeOutOfService
        case putIntoService

        /// Whether it needs no alert, only a rule and what it is on.
        package var isOfService: Bool { self == .takeOutOfService || self == .putIntoService }
    }
    package var identity: AlertIdentity
    package var action: Action
    package var operatorName: String
    package var comment: String?

    package init(identity: AlertIdentity, action: Action, operatorName: String, comment: String?) {
        self.identity = identity
        self.action = action
        self.operatorName = operatorName
        self.comment = comment
    }
}

/// State of one rule on one scope as it is kept over a restart.
package struct AlertInstanceState: Sendable, Equatable {
    package var rule: String
    package var scope: String
    package var machine: AlertStateMachine
    package var value: Double?
    /// Whether each threshold of the rule's condition holds, as they are written; nil where there was no evidence yet.
    package var terms: [Bool?]
    /// Which of them `value` is of.
    package var headline: Int

    package init(
        rule: String, scope: String, machine: AlertStateMachine, value: Double?, terms: [Bool?] = [],
        headline: Int = 0
    ) {
        self.rule = rule
        self.scope = scope
        self.machine = machine
        self.value = value
        self.terms = terms
        self.headline = headline
    }

    /// Whether there is nothing to remember. Of several thresholds each is, for one that does not hold and one that is not
    /// known decide differently once another has held.
    package var isAtRest: Bool {
        machine.isAtRest && (terms.count < 2 || terms.allSatisfy { $0 == nil })
    }
}
