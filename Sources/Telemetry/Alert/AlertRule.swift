/// How urgent an alert is. Consequence × time available, not how bad it feels.
package enum AlertPriority: String, Sendable, CaseIterable, Comparable, Codable {
    case low, medium, high, critical

    package var rank: Int { Self.allCases.firstIndex(of: self)! }

    package static func < (left: AlertPriority, right: AlertPriority) -> Bool { left.rank < right.rank }
}

/// Figure of a window that a rule looks at.
package enum Statistic: String, Sendable, CaseIterable {
    case mean, min, max, sum, count, last

    /// nil if the window has no such figure.
    package func value(of accumulator: Accumulator) -> Double? {
        guard !accumulator.isEmpty else { return nil }
        switch self {
        case .mean: return accumulator.mean
        case .min: return accumulator.minimum
        case .max: return accumulator.maximum
        case .sum: return accumulator.sum
        case .count: return Double(accumulator.count)
        case .last: return accumulator.last
        }
    }
}

/// A limit with its hysteresis: between the limit and `clear` whatever held before goes on holding.
package enum AlertLimit: Sendable, Equatable {
    case above(Double, clear: Double)
    case below(Double, clear: Double)
    case outside(ClosedRange<Double>, clear: ClosedRange<Double>)
    case equals(Double)

    /// Whether the condition holds at `value`, given whether it held before.
    package func holds(at value: Double, before: Bool) -> Bool {
        switch self {
        case .above(let limit, let clear): value > limit || (before && value > clear)
        case .below(let limit, let clear): value < limit || (before && value < clear)
        case .outside(let limits, let clear): !limits.contains(value) || (before && !clear.contains(value))
        case .equals(let wanted): value == wanted
        }
    }

    /// The limit that `value` has crossed, for the operator.
    package func limit(at value: Double) -> Double {
        switch self {
        case .above(let limit, _), .below(let limit, _), .equals(let limit): limit
        case .outside(let limits, _): value < limits.lowerBound ? limits.lowerBound : limits.upperBound
        }
    }
}

/// A sliding window made of the closed windows of one tier.
package struct AlertWindow: Sendable, Equatable {
    package var length: Milliseconds
    package var statistic: Statistic
    package var tier: Tier

    /// nil if `length` is not a whole number of minutes up to a day.
    package init?(length: Milliseconds, statistic: Statistic) {
        let fitting = [Tier.hour, .quarterHour, .minute].first { length % $0.length == 0 }
        guard length > 0, length <= Span.day, let fitting else { return nil }
        self.length = length
        self.statistic = statistic
        tier = fitting
    }
}

package enum AlertCondition: Sendable, Equatable {
    /// Each reading, or a figure of a window, against a limit.
    case threshold(measurement: String, window: AlertWindow?, limit: AlertLimit)
    /// The device, once heard, has been quiet for more than so many of its cadences.
    case quiet(cadences: Double)
    /// The device is in the registry and was never heard for so many cadences.
    case neverReported(cadences: Double)
}

/// One rule of `config/alerts/`.
package struct AlertRule: Sendable {
    package var name: String
    package var domain: String
    package var group: String
    package var title: Title
    package var condition: AlertCondition
    package var onDelay: Milliseconds
    package var offDelay: Milliseconds
    package var priority: AlertPriority
    package var lead: String
    package var copies: [String]
    package var action: Title
    package var summary: Title
    /// Profiles of the domain it is narrowed to; empty means all.
    package var profiles: [String]
    package var devices: [String]
    package var isEnabled: Bool
    /// Where it stands, for reports.
    package var place: String

    package init(
        name: String, domain: String, group: String, title: Title, condition: AlertCondition,
        onDelay: Milliseconds = 0, offDelay: Milliseconds = 0, priority: AlertPriority, lead: String,
        copies: [String] = [], action: Title, summary: Title, profiles: [String] = [], devices: [String] = [],
        isEnabled: Bool = true, place: String = ""
    ) {
        self.name = name
        self.domain = domain
        self.group = group
        self.title = title
        self.condition = condition
        self.onDelay = onDelay
        self.offDelay = offDelay
        self.priority = priority
        self.lead = lead
        self.copies = copies
        self.action = action
        self.summary = summary
        self.profiles = profiles
        self.devices = devices
        self.isEnabled = isEnabled
        self.place = place
    }

    /// Whether there is an instance of this rule for the device in `slot`.
    package func fits(slot: Int, of registry: Registry) -> Bool {
        let device = registry.devices[slot]
        let profile = registry.profile(ofSlot: slot)
        guard isEnabled, device.domain == domain, profiles.isEmpty || profiles.contains(profile.name),
            devices.isEmpty || devices.contains(device.key)
        else { return false }
        guard case .threshold(let measurement, _, _) = condition else { return true }
        return profile.measurements.contains { $0.name == measurement }
    }
}
