import Catalog
import Foundation
import Store
import Telemetry
import Unpacking

/// What a payload means by a profile, in the words of `ioc decode`.
struct PayloadReport {
    private let profile: DeviceProfile
    private let device: String
    /// Which field of a scalar profile the topic is.
    private let field: Int

    init(_ profile: DeviceProfile, device: String, field: Int) {
        self.profile = profile
        self.device = device
        self.field = field
    }

    /// - Throws: for an unknown profile, a file with mistakes, or a topic that is not the profile's.
    init(_ catalog: Catalog, profile name: String, topic: String?) throws {
        let profile = try catalog.profile(name)
        self.profile = profile
        if var topic {
            let found = topic.withUTF8 { bytes in
                profile.device(in: bytes).map { (String(decoding: $0.name, as: UTF8.self), $0.field) }
            }
            guard let found else {
                throw CommandError(
                    "\(topic) is no topic of \(profile.id); expected \(profile.topics.map(\.text).joined(separator: " or "))"
                )
            }
            (device, field) = found
        } else {
            let id = profile.id
            device = catalog.devices.first { catalog.profiles[$0.profileIndex].id == id }?.key ?? "device"
            field = 0
        }
    }

    /// - Parameter host: what is known of births, where messages need it.
    func lines(_ payload: [UInt8], now: Milliseconds, host: SparkplugHost? = nil) -> Result<
        [String], Rejection
    > {
        let scratch = DecodeScratch(limits: DecodeLimits(), unpacker: PayloadUnpacker())
        scratch.sparkplug = host
        if profile.wire.namesDevices { scratch.directory = DeviceDirectory([], welcomesStrangers: true) }
        var message = DecodedMessage()
        var device = device
        let rejection = device.withUTF8 { device in
            payload.withUnsafeBytes {
                profile.format.decode($0, device: device, field: field, now: now, into: scratch, &message)
            }
        }
        if let rejection { return .failure(rejection) }
        let encoder = AnswerCoding.encoder
        var lines: [String] = []
        scratch.forEachReading { reading, named in
            let measurement = profile.measurements[reading.series.index]
            let isRatio = measurement.kind == .ratio
            let line = Line(
                device: named ?? self.device, measurement: measurement.name, timeMs: reading.time,
                value: isRatio ? reading.value / reading.weight : reading.value, unit: measurement.unit,
                quality: "\(reading.quality)", denominator: isRatio ? reading.weight : nil)
            // Names and finite numbers can always be written.
            lines.append((try? encoder.encode(line)).map { String(decoding: $0, as: UTF8.self) } ?? "{}")
        }
        return .success(lines + (message.partial.map { [PayloadListing.partial($0)] } ?? []))
    }

    private struct Line: Encodable {
        var device: String
        var measurement: String
        var timeMs: Milliseconds
        var value: Double
        var unit: String
        var quality: String
        var denominator: Double?
    }
}
