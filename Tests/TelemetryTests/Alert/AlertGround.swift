import Testing

@testable import Telemetry

/// A small city for the engine: sensors of two wards that measure `level`, some of them heard over a gateway.
final class AlertGround {
    static let start: Milliseconds = 1_767_574_800_000
    static let title = Title(vi: "a", en: "b")

    let registry: Registry
    var engine: AlertEngine
    /// The moment that was handed in last, in minutes since the start.
    private var minute = 0.0

    /// - Parameters:
    ///   - devices: key, ward, gateway and tags of each.
    ///   - minute: when the service starts.
    init(
        _ rules: [AlertRule], _ devices: [(key: String, ward: String, gateway: String?, tags: [String])],
        times: AlertTimes = AlertTimes(zone: .utc), from minute: Double = 0
    ) throws {
        self.minute = minute
        registry = Registry(
            profiles: [try Self.profile(["level"])],
            devices: devices.map {
                Device(
                    key: $0.key, profileIndex: 0, domain: "garden", name: Self.title, ward: $0.ward,
                    latitude: 0, longitude: 0, cadence: Span.minute, gateway: $0.gateway, tags: $0.tags)
            })
        engine = AlertEngine(
            rules: rules, registry: registry,
            listeningSince: Self.start + Milliseconds(minute * Double(Span.minute)), times: times)
    }

    /// What a service that starts now knows of the one before.
    func restore(_ before: AlertGround) {
        for state in before.engine.takeChanges() { _ = engine.restore(state) }
        for (slot, presence) in before.engine.presences.enumerated() {
            if let seen = presence.lastSeen { engine.restore(lastSeen: seen, of: registry.deviceIDs[slot]) }
        }
    }

    static func profile(_ measured: [String], cadence: Milliseconds = Span.minute) throws -> DeviceProfile {
        var wire = Wire(form: .json)
        wire.fields = measured.map {
            var field = Wire.Field()
            field.field = "/" + $0
            return field
        }
        let measurements = measured.map { Measurement(name: $0, title: title, unit: "m", kind: .gauge) }
        return DeviceProfile(
            domain: "garden", name: "well", title: title, topics: [try TopicTemplate("g/{device}")],
            cadence: cadence, measurements: measurements, wire: wire,
            format: try wire.compile(for: measurements))
    }

    static func rule(
        _ condition: AlertCondition, name: String = "High", devices: [String] = [],
        _ change: (inout AlertRule) -> Void = { _ in }
    ) -> AlertRule {
        var rule = AlertRule(
            name: name, domain: "garden", group: "g", title: title, condition: condition, priority: .low,
            lead: "keepers", action: title, summary: title, devices: devices)
        change(&rule)
        return rule
    }

    static let above5 = AlertCondition.threshold(
        measurement: "level", window: nil, limit: .above(5, clear: 4))

    func time(_ minute: Double) -> Milliseconds { Self.start + Milliseconds(minute * Double(Span.minute)) }

    /// A message of a device with a value, and the clock.
    func say(_ device: String, _ value: Double, at minute: Double) {
        let slot = registry.slot(ofKey: device)!
        engine.heard(registry.deviceIDs[slot], at: time(minute))
        engine.read(Reading(series: registry.seriesIDs[slot][0], time: time(minute), value: value))
        wait(until: minute)
    }

    /// The clock goes on as a service lets it: every second.
    func wait(until next: Double) {
        while minute + 1 / 60.0 < next {
            minute += 1 / 60.0
            engine.advance(to: time(minute))
        }
        minute = next
        engine.advance(to: time(next))
    }

    func operate(
        _ action: AlertCommand.Action, _ device: String, rule: String = "High", at minute: Double
    ) -> AlertState? {
        wait(until: minute)
        let identity = AlertIdentity(
            rule: rule, scope: device, onset: engine.onset(rule: rule, scope: device) ?? 0)
        let command = AlertCommand(identity: identity, action: action, operatorName: "lan", comment: "x")
        let event = engine.apply(command, at: time(minute))
        wait(until: minute)
        return event?.to
    }

    func state(_ device: String, rule: String = "High") -> AlertState? {
        engine.state(rule: rule, scope: device)
    }

    func events() -> [AlertEvent] { engine.takeEvents() }
    func hindsights() -> [AlertHindsight] { engine.takeHindsights() }
    func restore(_ state: AlertInstanceState) -> Bool { engine.restore(state) }

    /// Transitions since the last call, as `device cause→state`.
    func told() -> [String] {
        engine.takeEvents().map { "\($0.identity.scope) \($0.cause.rawValue)→\($0.to.rawValue)" }
    }
}
