import Catalog
import Foundation
import Telemetry
import Testing

@testable import ioc

struct SimulateMessageTests {
    private struct Said: Equatable {
        var topic: String
        var kind: MessageKind
        var payload: [UInt8]
    }

    private func say(
        seed: UInt64, faults: SimulationFaults = SimulationFaults(), rounds: Int = 20,
        step: Milliseconds = Span.minute
    ) -> [Said] {
        let speeches = SimulateFleet.speeches(seed: seed, keepsOddTimes: faults.late > 0)
        var maker = SimulateFleet.maker(speeches, seed: seed, faults: faults)
        var said: [Said] = []
        for round in 0..<rounds {
            for voice in maker.voices.indices {
                let now = SimulateFleet.monday + Int64(round) * step
                guard let message = maker.make(voice, now: now, isBacklog: false) else { continue }
                said.append(Said(topic: message.topic, kind: message.kind, payload: maker.payload))
            }
        }
        return said
    }

    @Test func theSameSeedSaysTheSame() {
        #expect(say(seed: 3) == say(seed: 3))
        #expect(say(seed: 3) != say(seed: 4))
    }

    /// Every message of every device is taken as it stands, whatever its kind; broken ones never are.
    @Test(arguments: [0.0, 0.5]) func everyMessageIsTakenAndNoBrokenOneIs(malformed: Double) {
        var faults = SimulationFaults()
        faults.malformed = malformed
        faults.late = 0.3
        faults.clockSkew = 0.5
        let speeches = SimulateFleet.speeches(keepsOddTimes: true)
        var maker = SimulateFleet.maker(speeches, faults: faults)
        let keys = Set(maker.voices.map(\.device.key))
        for round in 0..<30 {
            let now = SimulateFleet.monday + Int64(round) * 5 * Span.minute
            for voice in maker.voices.indices {
                guard let message = maker.make(voice, now: now, isBacklog: false) else { continue }
                let profile = SimulateFleet.catalog.profiles[maker.voices[voice].device.profileIndex]
                let bytes = Array(message.topic.utf8)
                let device = bytes.withUnsafeBufferPointer { topic in
                    profile.topics.lazy.compactMap { $0.device(in: topic) }.first.map {
                        String(decoding: $0, as: UTF8.self)
                    }
                }
                let isKnown = device.map(keys.contains) ?? false
                let result = SimulateFleet.decode(maker.payload, profile, device: device ?? "", now: now)
                let isTaken = isKnown && result.rejection == nil
                #expect(
                    isTaken == (message.kind != .malformed),
                    "\(message.topic) \(message.kind) \(String(decoding: maker.payload, as: UTF8.self))")
                if isTaken { #expect(result.readings.allSatisfy { $0.quality == .good }, "\(message.topic)") }
            }
        }
    }

    /// Two readings of one series never share a time, however fast a device speaks and however late it is.
    @Test func timesAreUnique() {
        var faults = SimulationFaults()
        faults.late = 0.2
        let speeches = SimulateFleet.speeches(keepsOddTimes: true)
        var maker = SimulateFleet.maker(speeches, faults: faults)
        for (index, speech) in speeches.enumerated() where speech.plan.carriesTime {
            guard let voice = maker.voices.firstIndex(where: { $0.speech == index }) else { continue }
            var live: Set<Milliseconds> = []
            var late: Set<Milliseconds> = []
            for step in 0..<600 as Range<Int64> {
                let now = SimulateFleet.monday + step * 3 / 2
                guard let message = maker.make(voice, now: now, isBacklog: false) else { continue }
                let result = SimulateFleet.decode(
                    maker.payload, speech.profile, device: maker.voices[voice].device.key, now: now)
                for time in Set(result.readings.map(\.time)) {
                    if message.kind == .late {
                        let isNew = late.insert(time).inserted
                        #expect(isNew || speech.plan.carriesSequence, "\(speech.profile.id)")
                    } else {
                        #expect(live.insert(time).inserted, "\(speech.profile.id)")
                    }
                }
            }
            #expect(live.isDisjoint(with: late), "\(speech.profile.id)")
            #expect(!live.isEmpty, "\(speech.profile.id)")
        }
    }

    @Test func countersNeverFallButAtTheirEnd() {
        let speeches = SimulateFleet.speeches()
        var maker = SimulateFleet.maker(speeches)
        var last: [String: Double] = [:]
        for round in 0..<50 {
            for voice in maker.voices.indices {
                let now = SimulateFleet.monday + Int64(round) * 15 * Span.minute
                guard maker.make(voice, now: now, isBacklog: false) != nil else { continue }
                let device = maker.voices[voice].device
                let profile = SimulateFleet.catalog.profiles[device.profileIndex]
                for reading in SimulateFleet.decode(maker.payload, profile, device: device.key, now: now)
                    .readings
                where profile.measurements[reading.series.index].kind == .counter {
                    let name = device.key + profile.measurements[reading.series.index].name
                    #expect(reading.value >= last[name] ?? 0 || reading.value == 0, "\(name)")
                    last[name] = reading.value
                }
            }
        }
        #expect(!last.isEmpty)
    }

    @Test func ledgerLinesAreJSONThatTellsTheReadings() throws {
        let speeches = SimulateFleet.speeches()
        var maker = SimulateFleet.maker(speeches, writesLedger: true)
        for voice in maker.voices.indices {
            let made = maker.make(voice, now: SimulateFleet.monday, isBacklog: false)
            let message = try #require(made)
            let line = try #require(message.entry).finished(message.kind, acknowledged: 1_767_574_923_999)
            let object = try #require(try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any])
            #expect(object["payload"] as? String == String(decoding: maker.payload, as: UTF8.self))
            #expect(object["acked_ms"] as? Int == 1_767_574_923_999)
            let device = maker.voices[voice].device
            let profile = SimulateFleet.catalog.profiles[device.profileIndex]
            let decoded = SimulateFleet.decode(
                maker.payload, profile, device: device.key, now: SimulateFleet.monday
            ).readings
            let listed = try #require(object["readings"] as? [[String: Any]])
            #expect(listed.count == decoded.count)
            // Foundation reads 17 digits to within two units of the last place.
            for (entry, reading) in zip(listed, decoded) {
                let value = try #require(entry["value"] as? Double)
                #expect(abs(value - reading.value) <= 1e-14 * abs(reading.value), "\(device.key)")
            }
            #expect(listed.map { $0["weight"] as? Double } == decoded.map(\.weight), "\(device.key)")
            #expect(
                listed.map { $0["measurement"] as? String }
                    == decoded.map { profile.measurements[$0.series.index].name })
        }
    }

    @Test(arguments: [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")])
    func base64OfTheStandard(text: String, wanted: String) {
        #expect(String(decoding: Base64.encode(Array(text.utf8)), as: UTF8.self) == wanted)
    }
}
