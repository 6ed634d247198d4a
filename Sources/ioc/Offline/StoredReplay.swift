import Catalog
import Store
import Telemetry

/// Stored history before rules: the windows and regimes that were there when it begins, then commits and switches in order.
struct StoredReplay {
    private(set) var replay: RuleReplay
    private let reader: StoreReader
    let start: Milliseconds

    /// Rules that are replayed together.
    static func parts(
        of rules: [AlertRule], _ catalog: Catalog, _ reader: StoreReader, knowing time: Milliseconds
    ) throws -> [[AlertRule]] {
        RuleReplay.parts(
            of: rules, knowing: time, oldest: try reader.oldestCommit() ?? time, zone: catalog.times.zone)
    }

    /// - Parameter time: from when on it is to know what the rules look at.
    init(
        _ rules: [AlertRule], on registry: Registry, _ catalog: Catalog, _ reader: StoreReader,
        knowing time: Milliseconds
    ) throws {
        let zone = catalog.times.zone
        start = RuleReplay.start(
            of: rules, knowing: time, oldest: try reader.oldestCommit() ?? time, zone: zone)
        replay = RuleReplay(
            rules: rules, registry: registry, times: catalog.times, grace: catalog.settings.intake.grace,
            from: start)
        self.reader = reader
        for tier in Tier.allCases {
            let wanted = replay.history(tier)
            if !wanted.isEmpty {
                try reader.forEachRollup(tier, of: wanted, before: start) { replay.restore($0) }
            }
        }
    }

    /// - Parameters:
    ///   - devices: whose messages count; nil for all.
    ///   - body: gets the transitions of each commit.
    mutating func run(
        through end: Milliseconds, devices: Set<DeviceID>? = nil,
        _ body: ([AlertEvent], _ at: Milliseconds) -> Void = { _, _ in }
    ) throws {
        var switches = try reader.regimeSwitches(through: end)[...]
        var replay = replay
        func take(_ switched: RegimeSwitch) {
            replay.take(switched)
            if switched.at > start { body(replay.take([], [], at: switched.at), switched.at) }
        }
        try reader.forEachCommit(in: start..<max(end, start)) { messages, readings, at in
            while let next = switches.first, next.at < at { take(switches.removeFirst()) }
            // One of the same moment came with the commit.
            while let next = switches.first, next.at == at { replay.take(switches.removeFirst()) }
            let own = devices.map { devices in messages.filter { devices.contains($0.device) } } ?? messages
            body(replay.take(own, readings, at: at), at)
        }
        switches.forEach(take)
        self.replay = replay
    }

    mutating func heard(_ device: DeviceID, at arrival: Milliseconds) { replay.heard(device, at: arrival) }

    /// Puts what the service keeps of an instance in the place of what the replay came to.
    mutating func settle(_ state: AlertInstanceState) { replay.settle(state) }
}
