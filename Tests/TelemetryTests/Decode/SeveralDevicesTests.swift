import Testing

@testable import Telemetry

@Suite("Payloads of several devices")
struct SeveralDevicesTests {
    /// Two devices of the profile, one of another.
    private static func bench(_ form: Wire.Form = .json) -> DecodeBench {
        DecodeBench(form).with {
            $0.wire.namesDevices = true
            $0.names = [
                .init("kim-long", isExact: false, device: 0, isOurs: true),
                .init("phu-oc", isExact: false, device: 1, isOurs: true),
                .init("Máy 3", isExact: true, device: 1, isOurs: true),
                .init("meter", isExact: false, device: 2, isOurs: false),
            ]
        }
    }

    private let entities = bench().with {
        $0.wire.recordsField = "/data/*"
        $0.wire.deviceField = "./id"
        $0.wire.devicePrefix = "urn:level:"
    }.measuring("level", "./v")

    private let members = bench().with { $0.wire.recordsField = "/{device}/*" }.measuring("level", "./v")

    private let sensors = bench().with {
        $0.wire.recordsField = "/sensors/*/values/*"
        $0.wire.deviceField = "/sensors/*/id"
    }.measuring("level", "./v")

    @Test("records say whose they are, in whatever capitals")
    func entityList() {
        #expect(
            entities.decode(#"{"data":[{"id":"urn:level:KIM-long","v":1},{"v":2,"id":"urn:level:phu-oc"}]}"#)
                .readings
                == ["kim-long level 1.0", "phu-oc level 2.0"])
    }

    @Test("an alias names its device to the letter")
    func alias() {
        #expect(members.decode(#"{"Máy 3":[{"v":1}]}"#).readings == ["phu-oc level 1.0"])
        #expect(members.decode(#"{"M\u00e1y 3":[{"v":1}]}"#).readings == ["phu-oc level 1.0"])
        #expect(members.decode(#"{"máy 3":[{"v":1}]}"#).rejection == .unknownDevice)
    }

    @Test("a device that no fleet has, and one that is not named, are refused, and take nothing along")
    func strangers() {
        let outcome = entities.decode(
            #"{"data":[{"id":"urn:level:nobody","v":1},{"v":3},{"id":"urn:level:","v":4},{"id":"urn:level:phu-oc","v":2}]}"#
        )
        #expect(outcome.readings == ["phu-oc level 2.0"])
        #expect(outcome.partial == "unknown-device at 16")
        #expect(outcome.refusedParts == 3)
        #expect(entities.decode(#"{"data":[{"v":3}]}"#).rejection == .missingDevice)
        #expect(entities.decode(#"{"data":[{"id":7,"v":3}]}"#).rejection == .missingDevice)
    }

    @Test("devices of other profiles, and names of other kinds, are passed over")
    func elsewhere() {
        let outcome = entities.decode(
            #"{"data":[{"id":"urn:level:meter","v":"x"},{"id":"urn:bridge:1","v":"y"},{"id":"urn:level:phu-oc","v":2}]}"#
        )
        #expect(outcome.readings == ["phu-oc level 2.0"])
        #expect(outcome.partial == nil)
        #expect(entities.decode(#"{"data":[{"id":"urn:level:meter","v":1}]}"#).rejection == .noReadings)
    }

    @Test("a fault in one record takes no other along")
    func fault() {
        let outcome = entities.decode(
            #"{"data":[{"id":"urn:level:kim-long","v":"x"},{"id":"urn:level:phu-oc","v":2}]}"#)
        #expect(outcome.readings == ["phu-oc level 2.0"])
        #expect(outcome.partial == "not-a-number at 41")
        #expect(outcome.refusedParts == 1)
    }

    @Test("members are named for devices, each with its records")
    func memberNames() {
        #expect(
            members.decode(#"{"kim-long":[{"v":1},{"v":2}],"PHU-OC":[{"v":3}],"meter":[{"v":9}]}"#).readings
                == ["kim-long level 1.0", "kim-long level 2.0", "phu-oc level 3.0"])
        #expect(members.decode(#"[[{"v":1}]]"#).rejection == .missingDevice, "elements have no names")
    }

    @Test("members are named for devices, and are the records themselves")
    func memberRecords() {
        let flat = Self.bench().with { $0.wire.recordsField = "/devices/{device}" }.measuring("level", "./v")
        #expect(
            flat.decode(#"{"devices":{"kim-long":{"v":1},"phu-oc":{"v":2}}}"#).readings
                == ["kim-long level 1.0", "phu-oc level 2.0"])
    }

    @Test("a name above several records is of all of them, before and behind it, and of no others")
    func aboveRecords() {
        #expect(
            sensors.decode(
                #"{"sensors":[{"values":[{"v":1},{"v":2}],"id":"kim-long"},{"id":"phu-oc","values":[{"v":3}]}]}"#
            ).readings == ["kim-long level 1.0", "kim-long level 2.0", "phu-oc level 3.0"])
        let outcome = sensors.decode(
            #"{"sensors":[{"id":"kim-long","values":[{"v":1}]},{"values":[{"v":2}]},{"id":"phu-oc","values":[]}]}"#
        )
        #expect(outcome.readings == ["kim-long level 1.0"])
        #expect(outcome.partial == "missing-device at 0")
        #expect(
            sensors.decode(#"{"sensors":[{"id":"kim-long","id":"phu-oc","values":[{"v":1}]}]}"#).rejection
                == .duplicateKey)
    }

    @Test("a column of a table says whose a row is")
    func table() {
        let table = Self.bench(.csv).with { $0.wire.deviceField = "who" }.measuring("level", "v")
        let outcome = table.decode("who,v\nkim-long,1\nnobody,2\n,3\nPHU-OC,4\n")
        #expect(outcome.readings == ["kim-long level 1.0", "phu-oc level 4.0"])
        #expect(outcome.partial == "unknown-device at 17")
        #expect(outcome.refusedParts == 2)
    }

    @Test("a tag says whose a line is, also with escapes in it")
    func lines() {
        let lines = Self.bench(.lineProtocol).with { $0.wire.deviceField = "who" }.measuring("level", "v")
        let outcome = lines.decode("m,who=kim-long v=1\nm,who=nobody v=2\nm v=3\nm,who=Máy\\ 3 v=4\n")
        #expect(outcome.readings == ["kim-long level 1.0", "phu-oc level 4.0"])
        #expect(outcome.partial == "unknown-device at 25")
        #expect(outcome.refusedParts == 2)
    }

    @Test("what stands right before the measurement says whose a SenML record is, in base name or own")
    func packs() {
        let packs = Self.bench(.senml).measuring("level")
        let outcome = packs.decode(
            #"[{"bn":"urn:dev:kim-long:","n":"level","v":1},{"bn":"urn:dev:","n":"phu-oc/level","v":2},"#
                + #"{"bn":"urn:dev:phu","n":"-oc:level","v":3},{"bn":"","n":"level","v":4},{"n":"nobody:level","v":5}]"#
        )
        #expect(outcome.readings == ["kim-long level 1.0", "phu-oc level 2.0", "phu-oc level 3.0"])
        #expect(outcome.partial?.hasPrefix("missing-device") == true)
        #expect(outcome.refusedParts == 2)
    }

    @Test("the number of a message is that of each of its devices")
    func sequence() {
        let numbered = entities.with {
            $0.wire.sequenceField = "/seq"
            $0.wire.timeField = "./t"
            $0.wire.timeFormat = .unixSeconds
        }
        let outcome = numbered.decode(
            #"{"seq":7,"data":[{"id":"urn:level:kim-long","t":1767571200,"v":1},{"id":"urn:level:phu-oc","t":1767571201,"v":2}]}"#
        )
        #expect(outcome.sequence == 7)
        #expect(outcome.newestTime == 1_767_571_201_000)
        #expect(outcome.hasTime)
    }

    @Test("strangers are devices where there is no fleet, each once")
    func welcome() {
        let directory = DeviceDirectory([], welcomesStrangers: true)
        let names = ["b", "a", "B", "c"].map { name in
            Array(name.utf8).withUnsafeBufferPointer { directory.find($0) }
        }
        #expect(names == [.device(0), .device(1), .device(0), .device(2)])
        #expect(directory.strangers == ["b", "a", "c"])
        #expect(directory.name(of: 2) == "c")
        #expect(directory.find(UnsafeBufferPointer(start: nil, count: 0)) == .unknown)
    }

    @Test("many names are told apart")
    func many() {
        let names = (0..<5_000).map { "device-\($0)" }
        let directory = DeviceDirectory(
            names.enumerated().map { .init($1, isExact: false, device: Int32($0), isOurs: true) })
        let wrong = names.enumerated().filter { index, name in
            Array(name.uppercased().utf8).withUnsafeBufferPointer { directory.find($0) }
                != .device(Int32(index))
        }
        #expect(wrong.isEmpty)
        #expect(Array("device-5000".utf8).withUnsafeBufferPointer { directory.find($0) } == .unknown)
    }
}
