import Broker
import Pipeline
import Synchronization
import Telemetry

/// Device gateways that publish what a fleet would. `ioc simulate` runs it on its own, `ioc demo` within the program.
final class GatewaySimulation: Sendable {
    private let options: SimulationOptions
    private let speeches: [ProfileSpeech]
    private let devices: [Device]
    private let zone: ZoneOffsets
    private let links: [GatewayLink]
    private let ledger: Ledger?
    private let threads = Mutex<[PlainThread]>([])
    private let lastSnapshot = Mutex<(time: Int64, sent: Int)>((0, 0))

    /// Why the ledger does not list everything, if so.
    var ledgerError: ServiceFault? { ledger?.error }

    /// How long a stop waits for answers of the broker.
    private static let farewellSeconds: Int64 = 10

    /// - Parameters:
    ///   - devices: those with a topic for each field are left out.
    ///   - zone: the city's, in whose days and hours the patterns are.
    ///   - broker: its `clientID` is not used.
    /// - Throws: `ServiceFault` or `BrokerError`; nothing is connected yet.
    init(
        profiles: [DeviceProfile], devices: [Device], zone: ZoneOffsets, broker: BrokerSettings,
        options: SimulationOptions
    ) throws {
        self.options = options
        self.zone = zone
        // A device with a topic for each field says in many messages what the others say in one.
        self.devices = devices.filter { profiles[$0.profileIndex].canBeSimulated }
        speeches = profiles.map {
            ProfileSpeech(
                Self.troubled($0, options.trouble), zone: zone, seed: options.seed,
                keepsOddTimes: options.faults.late > 0)
        }
        let ledger = try options.ledger.map { try Ledger(path: $0) }
        self.ledger = ledger
        links = try (1...max(options.gateways, 1)).map { number in
            var settings = broker
            settings.clientID = "\(options.clientPrefix)gateway-\(number)"
            return try GatewayLink(settings, qos: options.qos, ledger: ledger)
        }
    }

    private static func troubled(_ profile: DeviceProfile, _ factor: Double) -> DeviceProfile {
        var profile = profile
        for index in profile.measurements.indices {
            guard let probability = profile.measurements[index].simulation?.faultProbability else { continue }
            profile.measurements[index].simulation?.faultProbability = min(
                probability * factor, max(probability, 0.5))
        }
        return profile
    }

    /// BLOCKS until all gateways are connected, and starts them.
    /// - Throws: why a gateway cannot reach the broker; none runs then.
    func start(timeoutSeconds: Double = 10) throws {
        do {
            for link in links { try link.connect(timeoutSeconds: timeoutSeconds) }
        } catch {
            for link in links { link.finish(seconds: 0) }
            throw error
        }
        let start = SystemClock.now()
        let voices = voices(start: start)
        let speaking = voices.reduce(0) { $0 + $1.count }
        lastSnapshot.withLock { $0 = (SystemClock.ticks(), 0) }
        threads.withLock { threads in
            threads = zip(links, voices).map { link, voices in
                let share = Double(voices.count) / Double(max(speaking, 1))
                return thread(link, voices, start: start, rate: options.rate.map { $0 * share })
            }
        }
    }

    /// The devices that speak, each at the gateway its key leads to, in an order that mixes the profiles.
    private func voices(start: Milliseconds) -> [[DeviceVoice]] {
        var voices = [[DeviceVoice]](repeating: [], count: links.count)
        for device in devices {
            let voice = DeviceVoice(
                device, speeches[device.profileIndex], seed: options.seed, start: start,
                faults: options.faults)
            guard Chance.unit(Chance.mix(voice.key, 8)) >= options.faults.silent else { continue }
            voices[Int(Chance.key(device.key) % UInt64(links.count))].append(voice)
        }
        return voices.map { $0.sorted { $0.key < $1.key } }
    }

    private func thread(_ link: GatewayLink, _ voices: [DeviceVoice], start: Milliseconds, rate: Double?)
        -> PlainThread
    {
        let (speeches, zone, options) = (speeches, zone, options)
        return PlainThread {
            let maker = MessageMaker(
                speeches: speeches, voices: voices, zone: zone, faults: options.faults,
                writesLedger: options.ledger != nil)
            var loop = GatewayLoop(maker, link: link, faults: options.faults)
            loop.run(start: start, backlog: options.backlog, rate: rate)
            link.finish(seconds: Self.farewellSeconds)
        }
    }

    /// BLOCKS until all gateways have ended: what is on its way may still be acknowledged, for 10 s. Safe to call twice.
    func stop() {
        for link in links { link.stop() }
        let running = threads.withLock { threads in
            defer { threads = [] }
            return threads
        }
        for thread in running { thread.join() }
    }

    /// How far it has come; for one reader, as the rate is since the last call.
    func snapshot() -> SimulationSnapshot {
        var snapshot = SimulationSnapshot()
        for link in links {
            // Acknowledged first: it must never be seen ahead of sent.
            snapshot.acknowledged += link.deliveries.acknowledged
            snapshot.refused += link.deliveries.refused
            snapshot.sent += link.deliveries.sent
            snapshot.lost += link.lost
        }
        let now = SystemClock.ticks()
        lastSnapshot.withLock { last in
            snapshot.perSecond = Double(snapshot.sent - last.sent) / max(Double(now - last.time) / 1e6, 1e-6)
            last = (now, snapshot.sent)
        }
        return snapshot
    }
}
