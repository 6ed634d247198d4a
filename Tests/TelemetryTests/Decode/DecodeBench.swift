@testable import Telemetry

/// Compiles a small profile and decodes messages with it.
struct DecodeBench {
    static let now: Milliseconds = 1_767_574_923_000

    var wire: Wire
    var measurements: [Measurement] = []
    var limits = DecodeLimits()
    var device = "d-1"
    /// Whom payloads of several devices may name.
    var names: [DeviceDirectory.Name] = []

    init(_ form: Wire.Form = .json) { wire = Wire(form: form) }

    /// Adds a measurement; `set` says how its field is read.
    func measuring(
        _ name: String, _ field: String? = nil, unit: String = "1", kind: MeasurementKind = .gauge,
        valid: ClosedRange<Double>? = nil, _ set: (inout Wire.Field) -> Void = { _ in }
    ) -> DecodeBench {
        var bench = self
        var wireField = Wire.Field()
        wireField.field = field
        set(&wireField)
        bench.wire.fields.append(wireField)
        bench.measurements.append(
            Measurement(
                name: name, title: Title(vi: name, en: name), unit: unit, kind: kind, valid: valid,
                words: wireField.words))
        return bench
    }

    func with(_ set: (inout DecodeBench) -> Void) -> DecodeBench {
        var bench = self
        set(&bench)
        return bench
    }

    struct Outcome: Equatable, CustomStringConvertible {
        var readings: [String] = []
        var times: [Milliseconds] = []
        var rejection: RejectionReason?
        var offset: Int?
        var sequence: Int64 = -1
        var newestTime: Milliseconds = .min
        var hasTime = false
        /// The first refused part, as `reason at offset`, and how many there were.
        var partial: String?
        var refusedParts = 0
        var description: String {
            rejection.map { "\($0.rawValue) at \(offset ?? -1)" } ?? "\(readings) \(times)"
        }
    }

    func decode(_ payload: String) -> Outcome { decode(Array(payload.utf8)) }

    /// Readings as `name value`, with the quality behind those that are not good.
    func decode(_ payload: [UInt8], field: Int = 0) -> Outcome {
        guard let format = try? wire.compile(for: measurements) else {
            return Outcome(readings: ["no profile"])
        }
        let scratch = DecodeScratch(limits: limits)
        if wire.namesDevices { scratch.directory = DeviceDirectory(names) }
        var message = DecodedMessage()
        var device = device
        let rejection = device.withUTF8 { device in
            payload.withUnsafeBytes {
                format.decode($0, device: device, field: field, now: Self.now, into: scratch, &message)
            }
        }
        if let rejection { return Outcome(rejection: rejection.reason, offset: rejection.offset) }
        var outcome = Outcome(sequence: message.sequence, newestTime: message.newestTime)
        outcome.hasTime = message.hasTime
        outcome.partial = message.partial.map { "\($0.reason.rawValue) at \($0.offset)" }
        outcome.refusedParts = message.refusedParts
        scratch.forEachReading { reading, device in
            let measurement = measurements[reading.series.index]
            let value = measurement.kind == .ratio ? "\(reading.value)/\(reading.weight)" : "\(reading.value)"
            outcome.readings.append(
                (device.map { $0 + " " } ?? "") + "\(measurement.name) \(value)"
                    + (reading.quality == .good ? "" : " \(reading.quality)"))
            outcome.times.append(reading.time)
        }
        return outcome
    }
}
