import Broker
import Catalog
import Foundation
import Store
import Telemetry

/// Says of each message what it would become. Called on the thread that runs the client.
final class ProfileTrial: IntakeHandler {
    private let profile: DeviceProfile
    private let registry: Registry
    private let wanted: Int?
    private let until: Milliseconds?
    private let isJSON: Bool
    private let host = SparkplugHost()
    private let interrupts = Interrupts()
    private(set) var count = 0
    private(set) var refused = 0

    init(_ profile: DeviceProfile, catalog: Catalog, wanted: Int?, until: Milliseconds?, isJSON: Bool) {
        self.profile = profile
        registry = Registry(profiles: catalog.profiles, devices: catalog.devices)
        self.wanted = wanted
        self.until = until
        self.isJSON = isJSON
    }

    private var isDone: Bool {
        interrupts.isWanted || wanted.map { count >= $0 } ?? false
            || until.map { SystemClock.now() >= $0 } ?? false
    }

    func connected(sessionPresent: Bool) { host.forget() }
    func disconnected(reason: String) { if !isDone { Failure.say(reason) } }
    func unreachable(_ error: BrokerError) { Failure.say(error.description) }
    var hasRoom: Bool { !isDone }
    func settle() -> Settlement { .durable }
    func brokerDropped(total: UInt64) {}
    func idle() -> Bool { !isDone }

    func receive(_ message: borrowing IncomingMessage) {
        guard !isDone, let (device, field) = profile.device(in: message.topic) else { return }
        count += 1
        let now = SystemClock.now()
        // Empty where the payload names the devices; each of its lines then says whose it is.
        let isKnown = device.isEmpty || registry.slot(named: device, in: message.topic) != nil
        let name = Registry.name(device, in: message.topic)
        let result = read(message, PayloadReport(profile, device: name, field: field), now)
        if case .failure = result { refused += 1 }
        let topic = String(decoding: message.topic, as: UTF8.self)
        StandardOutput.write(isJSON ? document(topic, name, isKnown, result) : text(topic, isKnown, result))
    }

    private func read(_ message: borrowing IncomingMessage, _ report: PayloadReport, _ now: Milliseconds)
        -> Result<
            [String], Rejection
        >
    {
        if profile.wire.form == .sparkplug, let spoken = SparkplugTopic(message.topic) {
            switch host.follow(spoken, message.payload, limits: DecodeLimits(), now: now) {
            case .refused(let rejection): return .failure(rejection)
            case .departed: return .success([])
            case .values: break
            }
        }
        return report.lines(
            Array(message.payload), now: now, host: profile.wire.form == .sparkplug ? host : nil)
    }

    private func text(_ topic: String, _ isKnown: Bool, _ result: Result<[String], Rejection>) -> String {
        let topic = Printable.line(topic)
        let heading =
            profile.wire.namesDevices
            ? "\(topic)\n" : "\(topic)  \(isKnown ? "in the fleet" : "not in the fleet")\n"
        switch result {
        case .success(let lines): return heading + lines.map { "  \($0)\n" }.joined()
        case .failure(let rejection): return heading + "  \(PayloadListing.rejected(rejection))\n"
        }
    }

    private func document(
        _ topic: String, _ device: String, _ isKnown: Bool, _ result: Result<[String], Rejection>
    )
        -> String
    {
        let head =
            "{\"topic\":\(PayloadListing.quoted(topic)),\"device\":\(PayloadListing.quoted(device)),\"known\":\(isKnown),"
        switch result {
        case .success(let lines): return head + "\"readings\":[\(lines.joined(separator: ","))]}\n"
        case .failure(let rejection): return head + PayloadListing.rejected(rejection).dropFirst() + "\n"
        }
    }
}
