/// Why a rule says what it says of a device: what it looked at, what it compared with, and what keeps it where it is.
package struct AlertExplanation: Sendable, Equatable, Encodable {
    /// What decides at the moment.
    package enum Gate: String, Sendable, CaseIterable, Encodable {
        /// Nothing was measured that the rule looks at.
        case noEvidence = "no-evidence"
        /// Of a group too few members are known.
        case tooFewMembers = "too-few-members"
        /// Part of the condition was not measured yet, and the rest does not decide without it.
        case partlyUnknown = "partly-unknown"
        case notCrossed = "not-crossed"
        /// The condition holds, and the on-delay runs.
        case onDelay = "on-delay"
        /// The alert stands, for the condition holds.
        case firing
        /// The condition is gone, and the off-delay runs, by evidence alone.
        case offDelay = "off-delay"
        /// The condition is gone, and nobody has seen that it was there.
        case returned
        /// The condition is gone, and the rule wants it reset by hand.
        case latched
        /// An operator has set it aside.
        case shelved
        /// The gateway of its device is down.
        case suppressed
        /// Somebody works on it.
        case outOfService = "out-of-service"
    }

    /// One threshold of the condition.
    package struct Term: Sendable, Equatable, Encodable {
        package var measurement: String
        package var divisor: String?
        /// What is made of the window; nil of single readings.
        package var figure: String?
        package var windowMs: Milliseconds?
        /// Of what the figure is a projection to its end, instead of a window.
        package var period: String?
        package var limit: AlertLimit
        package var unit: String
        /// nil where nothing was measured.
        package var value: Double?
        /// Event time of the newest evidence.
        package var evidenceMs: Milliseconds?
        package var readings: Int64
        package var holds: Bool?
    }

    /// One device of a group.
    package struct Member: Sendable, Equatable, Encodable {
        package var device: String
        /// Whether it is in the condition that is asked of each; nil where that is not known.
        package var holds: Bool?
        package var value: Double?
        package var lastSeenMs: Milliseconds?
    }

    package var rule: String
    /// Or the group, like `ward:phu-hoi`.
    package var device: String
    package var state: AlertState
    package var gate: Gate
    /// Whether the condition holds, and since when, in event time.
    package var holds: Bool
    package var sinceMs: Milliseconds?
    package var onDelayMs: Milliseconds
    package var offDelayMs: Milliseconds
    /// What is left of the delay that runs.
    package var remainingMs: Milliseconds?
    package var shelvedUntilMs: Milliseconds?
    package var lastSeenMs: Milliseconds?
    /// How long the device may be quiet, for rules on silence.
    package var allowedMs: Milliseconds?
    package var terms: [Term]
    /// Of a group its devices.
    package var members: [Member] = []

    /// - Parameter isKnown: whether the terms decide the condition.
    static func gate(
        _ machine: AlertStateMachine, terms: [Bool?], isKnown: Bool
    ) -> Gate {
        switch machine.state {
        case .pending: return .onDelay
        case .unacknowledged, .acknowledged: return machine.holds ? .firing : .offDelay
        case .returned: return machine.holds ? .onDelay : .returned
        case .latched: return machine.holds ? .onDelay : .latched
        case .shelved: return .shelved
        case .suppressed: return .suppressed
        case .outOfService: return .outOfService
        case .normal:
            if !terms.isEmpty, terms.allSatisfy({ $0 == nil }) { return .noEvidence }
            return isKnown ? .notCrossed : .partlyUnknown
        }
    }
}

extension AlertLimit: Encodable {
    /// As a comparison: `> 8, clear ≤ 6`.
    package var comparison: Title {
        func title(_ limit: String, clear: String) -> Title {
            Title(vi: "\(limit), hết khi \(clear)", en: "\(limit), clear \(clear)")
        }
        let number = AlertText.number
        switch self {
        case .above(let limit, let clear): return title("> \(number(limit))", clear: "≤ \(number(clear))")
        case .below(let limit, let clear): return title("< \(number(limit))", clear: "≥ \(number(clear))")
        case .outside(let limits, let clear):
            let outer = "\(number(limits.lowerBound))…\(number(limits.upperBound))"
            let inner = "\(number(clear.lowerBound))…\(number(clear.upperBound))"
            return Title(
                vi: "ngoài \(outer), hết khi trong \(inner)", en: "outside \(outer), clear in \(inner)")
        case .equals(let wanted): return Title(vi: "= \(number(wanted))", en: "= \(number(wanted))")
        case .atMost(let limit): return Title(vi: "≤ \(number(limit))", en: "≤ \(number(limit))")
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(comparison.en)
    }
}

extension AlertFigure {
    /// As rules write it.
    package var text: String {
        switch self {
        case .statistic(let statistic): return statistic.rawValue
        case .flatness: return "flat_within"
        case .deviation(let baseline):
            switch baseline.direction {
            case .above: return "deviates_above"
            case .below: return "deviates_below"
            case .either: return "deviates"
            }
        case .pace(let pace): return pace.figure.rawValue
        case .hours(let level, let isRising):
            return "\(isRising ? "rises_to" : "falls_to") \(AlertText.number(level))"
        }
    }
}
