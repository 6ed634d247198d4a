/// What an instance of a rule is about: a device, or the devices of a ward, a domain or a tag.
package struct AlertScope: Sendable, Equatable {
    /// Of a device its key; of a group its division and name, `ward:phu-hoi`, which no key of a device can be.
    package var key: String
    package var domain: String
    package var ward: String
    package var name: Title

    init(_ device: Device) {
        key = device.key
        domain = device.domain
        ward = device.ward
        name = device.name
    }

    private init(_ division: AlertGroup.Division, _ name: String, _ domain: String, _ registry: Registry) {
        key = "\(division.rawValue):\(name)"
        self.domain = domain
        ward = division == .ward ? name : "_"
        self.name =
            (division == .ward ? registry.wards[name]?.name : nil) ?? Title(vi: name, en: name)
    }

    /// Keys of all that `rule` is about.
    package static func keys(of rule: AlertRule, _ registry: Registry) -> [String] {
        if case .group(let group) = rule.condition {
            return groups(of: rule, group, registry).map(\.scope.key)
        }
        return registry.devices.indices.filter { rule.fits(slot: $0, of: registry) }.map {
            registry.devices[$0].key
        }
    }

    /// The groups of a rule that can have enough members, by name, with the slots of their members.
    package static func groups(of rule: AlertRule, _ group: AlertGroup, _ registry: Registry) -> [(
        scope: AlertScope, slots: [Int]
    )] {
        var members: [String: [Int]] = [:]
        for slot in registry.devices.indices where rule.fits(slot: slot, of: registry) {
            let device = registry.devices[slot]
            switch group.division {
            case .ward: if device.ward != "_" { members[device.ward, default: []].append(slot) }
            case .domain: members[device.domain, default: []].append(slot)
            case .tag:
                for tag in device.tags where rule.tags.isEmpty || rule.tags.contains(tag) {
                    members[tag, default: []].append(slot)
                }
            }
        }
        return members.filter { $1.count >= group.fewest }.sorted { $0.key < $1.key }.map {
            (AlertScope(group.division, $0.key, rule.domain, registry), $0.value)
        }
    }
}
