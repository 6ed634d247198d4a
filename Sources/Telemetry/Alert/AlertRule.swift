/// How urgent an alert is. Consequence × time available, not how bad it feels.
package enum AlertPriority: String, Sendable, CaseIterable, Comparable, Codable {
    case low, medium, high, critical

    package var rank: Int { Self.allCases.firstIndex(of: self)! }

    package static func < (left: AlertPriority, right: AlertPriority) -> Bool { left.rank < right.rank }
}

/// One rule of `config/alerts/`.
package struct AlertRule: Sendable {
    package var name: String
    package var domain: String
    package var group: String
    package var title: Title
    package let condition: AlertCondition
    /// Those of the condition.
    package let thresholds: [AlertThreshold]
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
        thresholds = condition.thresholds
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

    /// What a device must measure to have an instance.
    package var measurements: [String] { thresholds.flatMap(\.signal.measurements) }

    /// Whether there is an instance of this rule for the device in `slot`.
    package func fits(slot: Int, of registry: Registry) -> Bool {
        let device = registry.devices[slot]
        let profile = registry.profile(ofSlot: slot)
        guard isEnabled, device.domain == domain, profiles.isEmpty || profiles.contains(profile.name),
            devices.isEmpty || devices.contains(device.key)
        else { return false }
        return measurements.allSatisfy { wanted in profile.measurements.contains { $0.name == wanted } }
    }
}
