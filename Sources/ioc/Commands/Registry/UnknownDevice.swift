import Catalog
import Store
import Telemetry
import Unpacking

/// A device that speaks on a topic of ours and that no fleet has.
struct UnknownDevice: Encodable, Equatable {
    /// As its topics call it; of Sparkplug B with group and edge node.
    var name: String
    /// Whose topics it speaks on.
    var profiles: [String]
    var topics: [String]
    var count: Int64
    var firstMs: Milliseconds
    var lastMs: Milliseconds
    /// The beginning of its last message.
    var payload: String

    private static let payloadLetters = 120

    /// The name as one word of a shell's line: it is there to be pasted, and anybody can publish under any name.
    var shellWord: String { "'\(Printable.line(name).replacing("'", with: "'\\''"))'" }

    /// All rows the quarantine can have.
    private static let everything = 1_000_000

    /// All the quarantine knows of, the busiest first.
    static func list(_ reader: StoreReader, _ catalog: Catalog) throws -> [UnknownDevice] {
        let reason = RejectionReason.unknownDevice.rawValue
        return list(try reader.rejects(reason: reason, limit: everything), catalog)
    }

    /// - Parameter rejects: refused as `unknown-device`.
    private static func list(_ rejects: [RejectAnswer], _ catalog: Catalog) -> [UnknownDevice] {
        var found: [String: UnknownDevice] = [:]
        let registry = Registry(profiles: catalog.profiles, devices: catalog.devices)
        for reject in rejects {
            for (name, profiles) in names(reject, catalog, registry) {
                var device =
                    found[name]
                    ?? UnknownDevice(
                        name: name, profiles: [], topics: [], count: 0, firstMs: reject.firstMs, lastMs: .min,
                        payload: "")
                device.profiles += profiles.filter { !device.profiles.contains($0) }
                device.topics.append(reject.topic)
                device.count += reject.count
                device.firstMs = min(device.firstMs, reject.firstMs)
                if reject.lastMs >= device.lastMs {
                    device.lastMs = reject.lastMs
                    device.payload = String(reject.payload.prefix(payloadLetters))
                }
                found[name] = device
            }
        }
        return found.values.sorted { ($1.count, $0.name) < ($0.count, $1.name) }
    }

    /// What templates call the device of a topic, or payloads those of a topic that devices share, each with its profiles.
    private static func names(_ reject: RejectAnswer, _ catalog: Catalog, _ registry: Registry)
        -> [String: [String]]
    {
        var names: [String: [String]] = [:]
        var topic = reject.topic
        topic.withUTF8 { topic in
            for (index, profile) in catalog.profiles.enumerated() {
                guard let device = profile.device(in: topic) else { continue }
                let found =
                    profile.wire.namesDevices
                    ? strangers(in: reject, index, catalog)
                    : isInFleet(device.name, topic, registry) ? [] : [Registry.name(device.name, in: topic)]
                for name in found { names[name, default: []].append(profile.id) }
            }
        }
        return names
    }

    /// Whether the device was taken in since, under any profile that has the topic: the quarantine keeps what it said before.
    private static func isInFleet(
        _ device: UnsafeBufferPointer<UInt8>, _ topic: UnsafeBufferPointer<UInt8>, _ registry: Registry
    ) -> Bool {
        guard let slot = registry.slot(named: device, in: topic) else { return false }
        return registry.profile(ofSlot: slot).device(in: topic) != nil
    }

    /// Devices that the kept payload names and no fleet has. Of one that was too long to be kept whole, the one at fault.
    private static func strangers(in reject: RejectAnswer, _ profile: Int, _ catalog: Catalog) -> [String] {
        let directory = DeviceDirectory(
            of: profile, catalog.profiles, catalog.devices, welcomesStrangers: true)
        let scratch = DecodeScratch(limits: DecodeLimits(), unpacker: PayloadUnpacker())
        scratch.directory = directory
        var message = DecodedMessage()
        let payload = Array(reject.payload.utf8)
        _ = payload.withUnsafeBytes {
            catalog.profiles[profile].format.decode(
                $0, device: UnsafeBufferPointer(start: nil, count: 0), now: reject.lastMs, into: scratch,
                &message)
        }
        guard payload.count >= RejectedMessage.maximumPayload, directory.strangers.isEmpty,
            payload.indices.contains(Int(reject.faultOffset))
        else {
            return directory.strangers
        }
        let ends = Set("\",; \n\r".utf8)
        let name = payload[Int(reject.faultOffset)...].drop { $0 == UInt8(ascii: "\"") }.prefix {
            !ends.contains($0)
        }
        name.withUnsafeBufferPointer { _ = directory.find($0) }
        return directory.strangers
    }
}

extension RejectsCommand {
    private struct UnknownAnswer: Encodable {
        var unknown: [UnknownDevice]
        var truncated: Bool
    }

    func unknownText(_ reader: StoreReader, _ catalog: Catalog, _ rendering: Rendering) throws
        -> String
    {
        let found = try UnknownDevice.list(reader, catalog)
        let shown = Array(found.prefix(limit.count))
        if json {
            return try JSONText.document(UnknownAnswer(unknown: shown, truncated: found.count > shown.count))
        }
        let language = rendering.language
        guard !shown.isEmpty else {
            return language(vi: "Không có thiết bị lạ nào.\n", en: "No unknown devices.\n")
        }
        var table = Table(columns: [
            .init(title: language(vi: "thiết bị", en: "device")),
            .init(title: language(vi: "số tin", en: "messages"), alignment: .right),
            .init(title: language(vi: "lần cuối", en: "last")),
            .init(title: language(vi: "hồ sơ", en: "profiles")),
            .init(title: language(vi: "chủ đề", en: "topic"), isFlexible: true),
        ])
        for device in shown {
            table.add(
                .init(device.name, .bold), .init("\(device.count)"), .init(rendering.time(device.lastMs)),
                .init(device.profiles.joined(separator: " ")), .init(device.topics[0]))
        }
        let first = shown[0]
        let hint = language(
            vi:
                "\nĐưa một thiết bị vào danh sách: ioc devices adopt \(first.shellWord) --profile \(first.profiles[0]) --ward MÃ\n",
            en:
                "\nTake one into a fleet: ioc devices adopt \(first.shellWord) --profile \(first.profiles[0]) --ward CODE\n"
        )
        return rendering.text(table) + hint + (found.count > shown.count ? limit.notice(language) : "")
    }
}
