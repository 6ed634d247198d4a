import Telemetry

/// What happened to the messages of a batch, by source and domain: added up in places, for looking names up in a table took
/// longer than to take a message.
struct LossTally: Sendable {
    private static let sources: [MessageSource] = [.mqttAtMostOnce, .mqttAtLeastOnce, .replay, .own]
    private var domains = ["_"]
    /// By device: the place of its domain in `domains`.
    private var domainOfDevice: [Int32]
    /// Of each domain, of each source.
    private var counters: [LossCounters]

    init(_ registry: Registry) {
        var places = ["_": Int32(0)]
        domainOfDevice = Array(repeating: 0, count: registry.slots.count)
        for (device, slot) in registry.slots.enumerated() {
            guard let slot else { continue }
            let domain = registry.devices[slot].domain
            if places[domain] == nil {
                places[domain] = Int32(domains.count)
                domains.append(domain)
            }
            domainOfDevice[device] = places[domain] ?? 0
        }
        counters = Array(repeating: LossCounters(), count: domains.count * Self.sources.count)
    }

    /// - Parameter device: `DeviceID`, any other number if it is not known.
    mutating func add(_ more: LossCounters, source: MessageSource, device: UInt32) {
        let domain = device < UInt32(domainOfDevice.count) ? Int(domainOfDevice[Int(device)]) : 0
        counters[domain * Self.sources.count + Int(source.rawValue)] += more
    }

    /// - Returns: what was added since it was last taken.
    mutating func take() -> [LossKey: LossCounters] {
        var losses: [LossKey: LossCounters] = [:]
        for (place, found) in counters.enumerated() where found != LossCounters() {
            let (domain, source) = place.quotientAndRemainder(dividingBy: Self.sources.count)
            losses[LossKey(source: Self.sources[source].name, domain: domains[domain])] = found
            counters[place] = LossCounters()
        }
        return losses
    }
}
