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

    /// - Throws: `ServiceFault` for an unknown profile or a topic that is not the profile's.
    init(_ catalog: Catalog, profile id: String, topic: String?) throws {
        // Behind the others, so that a device's `profileIndex` is never one of the library.
        let profiles = catalog.profiles + catalog.library
        guard let index = profiles.firstIndex(where: { $0.id == id }) else {
            throw ServiceFault(
                "there is no profile \(id); known: \(profiles.map(\.id).joined(separator: ", "))")
        }
        profile = profiles[index]
        if var topic {
            let found = profile.topics.lazy.compactMap { template in
                topic.withUTF8 { bytes in
                    template.device(in: bytes).map { (String(decoding: $0, as: UTF8.self), template.field) }
                }
            }.first
            guard let found else {
                throw ServiceFault(
                    "\(topic) is no topic of \(id); expected \(profile.topics.map(\.text).joined(separator: " or "))"
                )
            }
            (device, field) = found
        } else {
            device = catalog.devices.first { $0.profileIndex == index }?.key ?? "device"
            field = 0
        }
    }

    /// - Parameter host: what is known of births, where messages need it.
    func lines(_ payload: [UInt8], now: Milliseconds, host: SparkplugHost? = nil) -> Result<
        [String], Rejection
    > {
        let scratch = DecodeScratch(limits: DecodeLimits(), unpacker: PayloadUnpacker())
        scratch.sparkplug = host
        var message = DecodedMessage()
        var device = device
        let rejection = device.withUTF8 { device in
            payload.withUnsafeBytes {
                profile.format.decode($0, device: device, field: field, now: now, into: scratch, &message)
            }
        }
        if let rejection { return .failure(rejection) }
        let encoder = AnswerCoding.encoder
        return .success(
            scratch.decoded.map { reading in
                let measurement = profile.measurements[reading.series.index]
                let isRatio = measurement.kind == .ratio
                let line = Line(
                    device: self.device, measurement: measurement.name, timeMs: reading.time,
                    value: isRatio ? reading.value / reading.weight : reading.value, unit: measurement.unit,
                    quality: "\(reading.quality)", denominator: isRatio ? reading.weight : nil)
                // Names and finite numbers can always be written.
                return (try? encoder.encode(line)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
            } + (message.partial.map { [PayloadListing.partial($0)] } ?? []))
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
