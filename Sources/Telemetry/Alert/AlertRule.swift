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
    package var conduct: AlertConduct
    package var priority: AlertPriority
    package var lead: String
    package var copies: [String]
    package var action: Title
    package var summary: Title
    /// Profiles of the domain it is narrowed to; empty means all.
    package var profiles: [String]
    package var devices: [String]
    /// Tags of devices it is narrowed to; empty means all.
    package var tags: [String]
    /// Calendars and regimes in which it is in force: any of `during`, none of `notDuring`.
    package var during: [String]
    package var notDuring: [String]
    package var isEnabled: Bool
    /// What the file says of it, without comments.
    package var source: String
    /// Eight hexadecimal digits of `source`: which version of the rule made a transition.
    package var version: String { Self.digest(source) }
    /// Where it stands, for reports.
    package var place: String

    package init(
        name: String, domain: String, group: String, title: Title, condition: AlertCondition,
        onDelay: Milliseconds = 0, offDelay: Milliseconds = 0, priority: AlertPriority, lead: String,
        copies: [String] = [], action: Title, summary: Title, profiles: [String] = [], devices: [String] = [],
        tags: [String] = [], during: [String] = [], notDuring: [String] = [],
        isEnabled: Bool = true, source: String = "", place: String = ""
    ) {
        self.name = name
        self.domain = domain
        self.group = group
        self.title = title
        self.condition = condition
        thresholds = condition.thresholds
        conduct = AlertConduct(onDelay: onDelay, offDelay: offDelay)
        self.priority = priority
        self.lead = lead
        self.copies = copies
        self.action = action
        self.summary = summary
        self.profiles = profiles
        self.devices = devices
        self.tags = tags
        self.during = during
        self.notDuring = notDuring
        self.source = source
        self.isEnabled = isEnabled
        self.place = place
    }

    /// FNV-1a, 32 bits (http://www.isthe.com/chongo/tech/comp/fnv/): it tells versions apart, it proves nothing.
    private static func digest(_ text: String) -> String {
        var hash: UInt32 = 0x811C_9DC5
        for byte in text.utf8 { hash = (hash ^ UInt32(byte)) &* 0x0100_0193 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }

    /// What a device must measure to have an instance.
    package var measurements: [String] { thresholds.flatMap(\.signal.measurements) }

    /// Calendars and regimes it depends on.
    package var times: [String] {
        during + notDuring + thresholds.flatMap(\.variants).map(\.during)
    }

    /// Whether there are any.
    var isTimed: Bool {
        !during.isEmpty || !notDuring.isEmpty || thresholds.contains { !$0.variants.isEmpty }
    }

    /// Whether the clock ends its delay: a window that would say otherwise closes a moment later, only readings stand until the
    /// next.
    var isClocked: Bool { conduct.onDelay > 0 && thresholds.allSatisfy { $0.signal.window == nil } }

    /// Whether it is in force while `isOn` says of calendars and regimes whether it is their time.
    func isInForce(_ isOn: (String) -> Bool) -> Bool {
        (during.isEmpty || during.contains(where: isOn)) && !notDuring.contains(where: isOn)
    }

    /// Whether it looks at the device in `slot`: alone, or as a member of a group.
    package func fits(slot: Int, of registry: Registry) -> Bool {
        let device = registry.devices[slot]
        let profile = registry.profile(ofSlot: slot)
        guard isEnabled, device.domain == domain, profiles.isEmpty || profiles.contains(profile.name),
            devices.isEmpty || devices.contains(device.key),
            tags.isEmpty || tags.contains(where: device.tags.contains)
        else { return false }
        return measurements.allSatisfy { wanted in profile.measurements.contains { $0.name == wanted } }
    }
}
