import Catalog
import Telemetry
import Testing

@testable import ioc

struct SimulatePayloadTests {
    /// What is written is what is read, for every profile of the repository and whatever the values are.
    @Test func everyProfileReadsBackWhatItWrote() {
        var random = SplitMix64(seed: 7)
        for speech in SimulateFleet.speeches() {
            for round in 0..<120 {
                let records = speech.plan.hasRecords ? 1 + round % 5 : 1
                checkRoundTrip(speech, records: records, sequence: Int64(round * 7_919), &random)
            }
        }
    }

    /// A payload that must name its units names them, and is read back as it was meant.
    @Test(arguments: [Wire.Form.json, .csv])
    func unitsAreNamed(_ form: Wire.Form) throws {
        func field(_ pointer: String, _ header: String) -> String { form == .json ? pointer : header }
        let (metre, celsius) = try (#require(Unit.ucum("m")), #require(Unit.ucum("Cel")))
        var level = Wire.Field()
        level.field = field("/level/value", "level")
        let levelConverts = level.convert(
            to: metre, from: Unit.ucum("cm"), namedIn: field("/level/metadata/unitCode/value", "level unit"))
        var air = Wire.Field()
        air.field = field("/air", "air")
        let airConverts = air.convert(to: celsius, namedIn: field("/unit", "air unit"))
        #expect(levelConverts && airConverts)
        var wire = Wire(form: form)
        wire.timeField = field("/ts", "ts")
        wire.fields = [level, air]
        let title = Title(vi: "", en: "")
        let measurements = [
            Measurement(name: "level", title: title, unit: "m", kind: .gauge, valid: 0...12),
            Measurement(name: "air", title: title, unit: "Cel", kind: .gauge, valid: -10...50),
        ]
        let profile = DeviceProfile(
            domain: "garden", name: "pond", title: title, system: nil,
            topics: [try TopicTemplate("garden/{device}")], cadence: Span.minute, measurements: measurements,
            wire: wire, format: try wire.compile(for: measurements), examples: [])
        let speech = ProfileSpeech(profile, zone: SimulateFleet.catalog.zone, seed: 1, keepsOddTimes: false)
        var random = SplitMix64(seed: 11)
        for round in 0..<200 { checkRoundTrip(speech, records: 1, sequence: Int64(round), &random) }
    }

    /// The library has what the repository's own profiles have not: prefixes, selections, intervals and sentinels.
    @Test func everyProfileOfTheLibraryReadsBackWhatItWrote() {
        var random = SplitMix64(seed: 11)
        let profiles = SimulateFleet.catalog.library.filter(\.canBeSimulated)
        #expect(profiles.count >= 15)
        for profile in profiles {
            let speech = ProfileSpeech(
                profile, zone: SimulateFleet.catalog.zone, seed: 1, keepsOddTimes: false)
            for round in 0..<60 {
                let records = speech.plan.hasRecords ? 1 + round % 5 : 1
                checkRoundTrip(speech, records: records, sequence: Int64(round * 7_919), &random)
            }
        }
    }

    /// Lines, groups and bytes are read back as they were meant, also bytes within JSON.
    @Test(arguments: [
        (Wire.Form.lineProtocol, false), (.ultraLight, false), (.cayenneLPP, false), (.cayenneLPP, true),
        (.senml, false), (.senmlCBOR, false),
    ])
    func namedFieldsReadBack(_ form: Wire.Form, isWrapped: Bool) throws {
        let isBinary = form == .cayenneLPP
        let isPack = form.senMLEncoding != nil
        var wire = Wire(form: form)
        wire.timeField = isWrapped ? "/time" : isBinary ? "unixTime/9" : nil
        if isBinary { wire.timeFormat = isWrapped ? .iso8601 : .unixSeconds }
        wire.sequenceField = isWrapped ? "/n" : isBinary ? "generic/8" : isPack ? "sq" : "the n"
        wire.deviceField = isWrapped ? "/id" : isBinary || isPack ? nil : "dev"
        wire.payloadField = isWrapped ? "/up/data" : nil
        let title = Title(vi: "", en: "")
        var measurements: [Measurement] = []
        func add(
            _ name: String, _ field: String, _ kind: MeasurementKind = .gauge,
            valid: ClosedRange<Double>? = nil, words: [(word: String, value: Double)] = []
        ) {
            var read = Wire.Field()
            read.field = field
            read.words = words
            wire.fields.append(read)
            measurements.append(
                Measurement(name: name, title: title, unit: "1", kind: kind, valid: valid, words: words))
        }
        let spoken: [(word: String, value: Double)] =
            isBinary ? [("shut", 0), ("open", 1)] : [("say \"a\"", 0), ("b c", 1)]
        add("level", isBinary ? "temperature/1" : isPack ? "air" : "air.level", valid: -40...60)
        add("wet", isBinary ? "humidity/2" : isPack ? "sum(air)" : "we t", valid: 0...100)
        add("place", isBinary ? "gps/3/longitude" : isPack ? "x/y" : "x=y", valid: 100...110)
        add("door", isBinary ? "digitalInput/4" : "door", .state, words: spoken)
        add("on", isBinary ? "presence/5" : "on", .state, valid: 0...1)
        let profile = DeviceProfile(
            domain: "garden", name: "shed", title: title, system: nil,
            topics: [try TopicTemplate("garden/{device}")], cadence: Span.minute, measurements: measurements,
            wire: wire, format: try wire.compile(for: measurements), examples: [])
        let speech = ProfileSpeech(profile, zone: SimulateFleet.catalog.zone, seed: 1, keepsOddTimes: false)
        var random = SplitMix64(seed: 13)
        for round in 0..<200 {
            let records = speech.plan.hasRecords ? 1 + round % 5 : 1
            checkRoundTrip(speech, records: records, sequence: Int64(round), &random)
        }
    }

    private func checkRoundTrip(
        _ speech: ProfileSpeech, records: Int, sequence: Int64, _ random: inout SplitMix64
    ) {
        let profile = speech.profile
        var draft = MessageDraft()
        draft.begin(device: Array("device-7".utf8), sequence: sequence, leaves: speech.plan.leaves.count)
        let newest = speech.plan.time.floor(
            SimulateFleet.monday - Int64.random(in: 0...1_000_000_000, using: &random), step: speech.grid)
        for record in 0..<records {
            let drawn = profile.measurements.map { draw($0, &random) }
            draft.addRecord(at: newest - Int64(records - 1 - record) * Span.minute, drawn, plan: speech.plan)
        }
        var payload: [UInt8] = []
        speech.writer.write(draft, into: &payload)
        let text = String(decoding: payload, as: UTF8.self)
        let (message, readings, rejection) = SimulateFleet.decode(
            payload, profile, device: "device-7", now: SimulateFleet.monday)
        let expected = expected(draft, speech)
        if expected.isEmpty {
            #expect(rejection?.reason == .noReadings, "\(profile.id): \(text)")
            return
        }
        #expect(rejection == nil, "\(profile.id): \(text)")
        #expect(message.sequence == (speech.plan.carriesSequence ? sequence : -1), "\(profile.id): \(text)")
        #expect(readings.count == expected.count, "\(profile.id): \(text)")
        for (reading, wanted) in zip(readings, expected) {
            #expect(reading.series == wanted.series, "\(profile.id): \(text)")
            #expect(
                reading.value == wanted.value, "\(profile.id): \(reading.value) for \(wanted.value): \(text)")
            #expect(reading.weight == wanted.weight, "\(profile.id): \(text)")
            #expect(reading.time == wanted.time, "\(profile.id): \(text)")
            #expect(reading.quality == .good, "\(profile.id) \(reading.value): \(text)")
        }
    }

    /// Anything inside `valid`, its edges, and now and then nothing.
    private func draw(_ measurement: Measurement, _ random: inout SplitMix64) -> MessageDraft.Drawn {
        let range = measurement.valid ?? (measurement.kind == .state ? 0...3 : -1e6...1e9)
        let value: Double =
            switch Int.random(in: 0..<8, using: &random) {
            case 0: range.lowerBound
            case 1: range.upperBound
            case 2: .nan
            default: Double.random(in: range, using: &random)
            }
        return MessageDraft.Drawn(value: value, denominator: Double.random(in: 1...5_000, using: &random))
    }

    private func expected(_ draft: MessageDraft, _ speech: ProfileSpeech) -> [Reading] {
        var readings: [Reading] = []
        for record in 0..<draft.records {
            let time = speech.plan.carriesTime ? draft.times[record] : SimulateFleet.monday
            draft.withRecord(record) { contents in
                speech.plan.forEachReading(contents) { index, value, weight in
                    readings.append(
                        Reading(series: SeriesID(UInt32(index)), time: time, value: value, weight: weight))
                }
            }
        }
        return readings
    }

    /// A value that was made up is written as nearly as its field allows, not as something else.
    @Test func fieldsKeepFourDigits() {
        let number = WireNumber(scale: 1, offset: 0, valid: 0...200, span: 60, isWhole: false)
        #expect(number.decimals == 2)
        #expect(number.value(number.mantissa(38.123)) == 38.12)
        #expect(number.value(number.mantissa(1e9)) == 200)
        let halfDegrees = WireNumber(scale: 0.5, offset: -40, valid: -40...60, span: 5, isWhole: false)
        #expect(halfDegrees.value(halfDegrees.mantissa(5.3)) == 5.5)
        let millimetres = WireNumber(scale: -0.001, offset: 10, valid: -1...10, span: 2.4, isWhole: false)
        #expect(abs(millimetres.value(millimetres.mantissa(0.4501)) - 0.45) < 1e-9)
    }

    @Test func partsReduceToTheirWhole() {
        let number = WireNumber(scale: 1, offset: 0, valid: 0...1_000, span: 500, isWhole: false)
        for reduction in Reduction.allCases {
            for whole in [0, 1, 2, 17, 9_999, number.bounds.upperBound] as [Int64] {
                for count in 1...7 where reduction != .count || whole <= count {
                    let parts = (0..<count).compactMap {
                        reduction.part(of: whole, element: $0, count: count, bounds: number.bounds)
                    }
                    let sum = parts.reduce(0, +)
                    switch reduction {
                    case .sum: #expect(sum == whole)
                    case .mean: #expect(sum == whole * Int64(count))
                    case .min: #expect(parts.min() == whole)
                    case .max: #expect(parts.max() == whole)
                    case .first: #expect(parts.first == whole)
                    case .last: #expect(parts.last == whole)
                    case .count: #expect(parts.count == Int(whole))
                    }
                }
            }
        }
    }
}
