import Telemetry

/// The world of a run: devices of every kind, the rules over them, a time zone.
struct SimulatedCity {
    let zone: ZoneOffsets
    let start: Milliseconds
    /// All that there will ever be; a device's number is its `DeviceID`.
    let devices: [Device]
    let rules: [AlertRule]
    private let seriesIDs: [[SeriesID]]
    let seriesCount: Int

    /// How a kind of device tells its messages apart.
    enum Speech: Int, CaseIterable {
        /// Gives number and time.
        case numbered
        /// Gives times only, several records a message.
        case timed
        /// One number, nothing else.
        case bare
        /// One running total, nothing else.
        case tally
        /// Gives a number but no time.
        case counted
    }

    static let profiles: [DeviceProfile] = Speech.allCases.map(profile)

    init(_ chance: inout Chance) {
        (zone, start) = Self.place(&chance)
        var devices: [Device] = []
        for index in 0..<chance.number(3...8) {
            let speech = chance.pick(Speech.allCases)
            devices.append(
                Device(
                    key: "d\(index)", profileIndex: speech.rawValue,
                    domain: Self.profiles[speech.rawValue].domain,
                    name: Title(vi: "d\(index)", en: "d\(index)"), ward: "w\(index % 2)", latitude: 0,
                    longitude: 0, cadence: chance.pick([30_000, 60_000, 300_000])))
        }
        self.devices = devices
        var next: UInt32 = 0
        seriesIDs = devices.map { device in
            Self.profiles[device.profileIndex].measurements.map { _ in
                defer { next += 1 }
                return SeriesID(next)
            }
        }
        seriesCount = Int(next)
        rules = Self.rules(&chance)
    }

    func speech(of device: Int) -> Speech { Speech(rawValue: devices[device].profileIndex)! }

    func series(_ device: Int, _ measurement: Int) -> SeriesID { seriesIDs[device][measurement] }

    func measurements(of device: Int) -> [Measurement] {
        Self.profiles[devices[device].profileIndex].measurements
    }

    /// The registry while only `active` devices are configured, as the store gives it out: ids stay, and series of the
    /// others are retired.
    func registry(active: [Int]) -> Registry {
        var retired: [SeriesID: SeriesShape] = [:]
        for device in devices.indices where !active.contains(device) {
            for (measurement, id) in zip(measurements(of: device), seriesIDs[device]) {
                retired[id] = SeriesShape(kind: measurement.kind)
            }
        }
        return Registry(
            profiles: Self.profiles, devices: active.map { devices[$0] },
            deviceIDs: active.map { DeviceID(UInt32($0)) }, seriesIDs: active.map { seriesIDs[$0] },
            retired: retired)
    }

    // MARK: Time

    /// A zone, and a moment worth beginning at: shortly before a midnight or before clocks are set.
    private static func place(_ chance: inout Chance) -> (ZoneOffsets, Milliseconds) {
        let hour = Span.hour
        // Central Europe 2026, forward at 29 March 01:00 UTC and back at 25 October 01:00 UTC.
        let forward: Milliseconds = 1_774_746_000_000
        let back: Milliseconds = 1_792_890_000_000
        // São Paulo 2018/19: forward at midnight of 4 November (03:00 UTC), back at midnight of 17 February (02:00 UTC).
        let noMidnight: Milliseconds = 1_541_300_400_000
        let twiceEleven: Milliseconds = 1_550_368_800_000
        let (zone, anchor): (ZoneOffsets, Milliseconds) =
            switch chance.number(0...5) {
            case 0...2: (ZoneOffsets(name: "Asia/Ho_Chi_Minh", fixedOffset: 7 * hour), 1_767_546_000_000)
            case 3, 4:
                (
                    ZoneOffsets(
                        name: "Europe/Berlin",
                        transitions: [
                            .init(from: .min, offset: hour), .init(from: forward, offset: 2 * hour),
                            .init(from: back, offset: hour),
                        ]), chance.happens(50) ? forward : back
                )
            default:
                (
                    ZoneOffsets(
                        name: "America/Sao_Paulo",
                        transitions: [
                            .init(from: .min, offset: -3 * hour), .init(from: noMidnight, offset: -2 * hour),
                            .init(from: twiceEleven, offset: -3 * hour),
                        ]), chance.happens(50) ? noMidnight : twiceEleven
                )
            }
        return (zone, anchor - chance.time(0...6 * hour) + chance.time(0...999))
    }

    // MARK: Profiles

    private static func profile(_ speech: Speech) -> DeviceProfile {
        let level = Measurement(
            name: "level", title: Title(vi: "", en: ""), unit: "m", kind: .gauge, valid: -50...100,
            keepsQuantiles: speech == .numbered)
        let flow = Measurement(name: "flow", title: Title(vi: "", en: ""), unit: "1", kind: .delta)
        let total = Measurement(
            name: "total", title: Title(vi: "", en: ""), unit: "1", kind: .counter, valid: 0...1e6)
        let mode = Measurement(name: "mode", title: Title(vi: "", en: ""), unit: "", kind: .state)
        let share = Measurement(
            name: "share", title: Title(vi: "", en: ""), unit: "1", kind: .ratio, valid: 0...1)
        var wire = Wire(form: .json)
        let measurements: [Measurement]
        switch speech {
        case .numbered:
            wire.timeField = "/ts"
            wire.sequenceField = "/seq"
            measurements = [level, flow, total, mode, share]
        case .timed:
            wire.recordsField = "/r/*"
            wire.timeField = "./ts"
            measurements = [level, total, mode, share]
        case .bare:
            wire = Wire(form: .scalar)
            measurements = [level]
        case .tally:
            wire = Wire(form: .scalar)
            measurements = [total]
        case .counted:
            wire.sequenceField = "/seq"
            measurements = [level]
        }
        let prefix = speech == .timed ? "./" : "/"
        wire.fields = measurements.map { measurement in
            var field = Wire.Field()
            if wire.form == .scalar { return field }
            if measurement.kind == .ratio {
                field.numerator = prefix + "num"
                field.denominator = prefix + "den"
            } else {
                field.field = prefix + measurement.name
            }
            if measurement.kind == .state { field.words = [("off", 0), ("on", 1), ("fault", 2)] }
            return field
        }
        return DeviceProfile(
            domain: speech == .numbered || speech == .timed ? "north" : "south", name: "\(speech)",
            title: Title(vi: "", en: ""), topics: [try! TopicTemplate("t/{device}/\(speech)")],
            cadence: Span.minute, measurements: measurements, wire: wire,
            format: try! wire.compile(for: measurements))
    }

    // MARK: Rules

    private static func rules(_ chance: inout Chance) -> [AlertRule] {
        (0..<chance.number(3...7)).map { index in
            AlertRule(
                name: "R\(index)", domain: chance.pick(["north", "south"]), group: "g",
                title: Title(vi: "", en: ""), condition: condition(&chance),
                onDelay: chance.pick([0, 0, 20_000, 90_000, 300_000]),
                offDelay: chance.pick([0, 0, 30_000, 240_000]), priority: chance.pick(AlertPriority.allCases),
                lead: "x", action: Title(vi: "", en: ""),
                summary: Title(vi: "{device.id} {value} {limit}", en: "{value}"))
        }
    }

    private static func condition(_ chance: inout Chance) -> AlertCondition {
        switch chance.number(0...14) {
        case 0...8: threshold(&chance)
        case 9, 10: .quiet(cadences: chance.pick([2, 3, 10]))
        case 11: .neverReported(cadences: chance.pick([3, 10]))
        case 12: .all([threshold(&chance), threshold(&chance)])
        case 13: .any([threshold(&chance), threshold(&chance), threshold(&chance)])
        default: .all([threshold(&chance), .any([threshold(&chance), threshold(&chance)])])
        }
    }

    private static func threshold(_ chance: inout Chance) -> AlertCondition {
        switch chance.number(0...8) {
        case 0, 1:
            return .threshold(
                measurement: "level", window: nil, limit: .above(50, clear: chance.pick([50, 40, 30])))
        case 2:
            return .threshold(
                measurement: "level", window: nil, limit: .below(10, clear: chance.pick([10, 20])))
        case 3:
            return .threshold(measurement: "level", window: nil, limit: .outside(5...60, clear: 10...50))
        case 4: return .threshold(measurement: "mode", window: nil, limit: .equals(2))
        case 5:
            return .threshold(
                measurement: chance.pick(["total", "share"]), window: nil, limit: .above(0.5, clear: 0.25))
        default:
            let statistics = Statistic.allCases.filter { $0.quantile == nil }
            let measurement = chance.pick(["level", "level", "flow", "total", "share"])
            let signal = AlertSignal(
                measurement: measurement,
                window: AlertWindow(
                    length: chance.pick([1, 2, 5, 14, 15, 30, 60, 180]) * Span.minute,
                    statistic: chance.pick(statistics)),
                divisor: chance.pick([nil, nil, nil, measurement == "level" ? "flow" : "level"]))
            let limit: AlertLimit =
                chance.happens(70) ? .above(chance.pick([3, 30, 50]), clear: 2) : .below(4, clear: 40)
            return .threshold(AlertThreshold(signal, limit))
        }
    }
}
