import TestSupport
import Testing

@testable import Telemetry

@Suite("Host of Sparkplug B (3.0 section 6.4)")
struct SparkplugHostTests {
    private typealias Metric = SparkplugWriter.Metric
    private static let now = DecodeBench.now

    /// A host, and what it makes of messages.
    private final class Bench {
        let host = SparkplugHost()
        let scratch = DecodeScratch(limits: DecodeLimits())
        let bench = DecodeBench(.sparkplug).measuring("level", "Level").measuring("count", "Count")
        var now = SparkplugHostTests.now

        init() { scratch.sparkplug = host }

        func follow(_ topic: String, sequence: UInt64? = nil, _ metrics: [Metric] = [])
            -> SparkplugHost.Verdict
        {
            let payload = SparkplugWriter.payload(time: UInt64(now), sequence: sequence, metrics)
            return Array("spBv1.0/\(topic)".utf8).withUnsafeBufferPointer { topic in
                payload.withUnsafeBytes {
                    host.follow(SparkplugTopic(topic)!, $0, limits: DecodeLimits(), now: now)
                }
            }
        }

        /// Readings, or why there are none.
        func read(_ topic: String, sequence: UInt64? = nil, _ metrics: [Metric]) -> [String] {
            let payload = SparkplugWriter.payload(time: UInt64(now), sequence: sequence, metrics)
            switch follow(topic, sequence: sequence, metrics) {
            case .refused(let rejection): return [rejection.reason.rawValue]
            case .departed(let paths): return paths.map { "gone: \($0)" }
            case .values: break
            }
            guard let format = try? bench.wire.compile(for: bench.measurements) else { return [] }
            var message = DecodedMessage()
            let rejection = payload.withUnsafeBytes {
                format.decode(
                    $0, device: UnsafeBufferPointer(start: nil, count: 0), now: now, into: scratch, &message)
            }
            let readings = scratch.decoded.map { "\(bench.measurements[$0.series.index].name) \($0.value)" }
            return readings + ((rejection ?? message.partial).map { [$0.reason.rawValue] } ?? [])
        }

        var asked: [String] { host.takeRequests(now: now).map { "\($0.group)/\($0.edge)" } }

        func nodeBirth(_ sequence: UInt64 = 0, birthNumber: UInt64 = 1, _ metrics: [Metric] = []) {
            _ = follow("g/NBIRTH/e", sequence: sequence, [SparkplugWriter.birthNumber(birthNumber)] + metrics)
        }

        func deviceBirth(_ device: String = "d", _ sequence: UInt64, _ metrics: [Metric]) {
            _ = follow("g/DBIRTH/e/\(device)", sequence: sequence, metrics)
        }
    }

    private let level = Metric("Level", alias: 1, type: 10, .double(1))
    private let count = Metric("Count", alias: 2, type: 3, .int(1))

    @Test("data names its metrics by the aliases of the birth, and has the birth's types")
    func aliases() {
        let bench = Bench()
        bench.nodeBirth()
        #expect(bench.read("g/DBIRTH/e/d", sequence: 1, [level, count]) == ["level 1.0", "count 1.0"])
        #expect(
            bench.read("g/DDATA/e/d", sequence: 2, [Metric(alias: 2, .int(0xFFFF_FFFF))]) == ["count -1.0"])
        #expect(
            bench.read("g/DDATA/e/d", sequence: 3, [Metric("Count", .int(0xFFFF_FFFE))]) == ["count -2.0"])
        #expect(bench.asked == [])
    }

    @Test("an alias belongs to one device of its edge node, and to no other edge node")
    func owners() {
        let bench = Bench()
        bench.nodeBirth(0, [Metric("Count", alias: 7, type: 3, .int(5))])
        bench.deviceBirth("d", 1, [level])
        bench.deviceBirth("f", 2, [count])
        #expect(bench.read("g/NDATA/e", sequence: 3, [Metric(alias: 7, .int(6))]) == ["count 6.0"])
        #expect(bench.read("g/DDATA/e/f", sequence: 4, [Metric(alias: 2, .int(8))]) == ["count 8.0"])
        #expect(bench.read("g/DDATA/e/f", sequence: 5, [Metric(alias: 1, .int(8))]) == ["unborn"])
        #expect(bench.asked == ["g/e"])
        #expect(bench.read("g/NDATA/other", sequence: 5, [Metric(alias: 7, .int(8))]) == ["unborn"])
    }

    @Test("data before a birth is refused, and the node is asked for its births, once in a while")
    func unborn() {
        let bench = Bench()
        #expect(bench.read("g/DDATA/e/d", sequence: 9, [Metric(alias: 1, .int(1))]) == ["unborn"])
        #expect(bench.asked == ["g/e"])
        #expect(bench.read("g/NDATA/e", sequence: 10, [Metric("Count", type: 3, .int(1))]) == ["unborn"])
        #expect(bench.asked == [])
        bench.now += SparkplugHost.askingInterval
        #expect(bench.asked == ["g/e"])
        #expect(bench.read("g/DBIRTH/e/d", sequence: 11, [level]) == ["unborn"])
        bench.nodeBirth(12)
        // Its device is still unborn.
        #expect(bench.read("g/DDATA/e/d", sequence: 13, [Metric(alias: 1, .int(1))]) == ["unborn"])
        #expect(bench.asked == ["g/e"])
    }

    @Test("numbers go from 0 to 255 and round, over the node and its devices; a birth may begin anywhere")
    func sequence() {
        let bench = Bench()
        bench.nodeBirth(254)
        bench.deviceBirth("d", 255, [level])
        _ = bench.follow("g/DDATA/e/d", sequence: 0, [])
        _ = bench.follow("g/NDATA/e", sequence: 1, [])
        bench.now += 60_000
        #expect(bench.asked == [])
        #expect(bench.read("g/NDATA/e", [Metric("Count", .int(1))]) == ["not-sparkplug"])
    }

    @Test(
        "a number that stays missing over the reorder timeout asks for births; one that comes late does not")
    func reorder() {
        let bench = Bench()
        bench.nodeBirth(0, [count])
        // Its values are taken all the same: each has its own time.
        #expect(bench.read("g/NDATA/e", sequence: 3, [Metric(alias: 2, .int(3))]) == ["count 3.0"])
        bench.now += SparkplugHost.reorderTimeout - 1
        #expect(bench.asked == [])
        #expect(bench.read("g/NDATA/e", sequence: 1, [Metric(alias: 2, .int(1))]) == ["count 1.0"])
        #expect(bench.read("g/NDATA/e", sequence: 2, [Metric(alias: 2, .int(2))]) == ["count 2.0"])
        bench.now += 60_000
        #expect(bench.asked == [])
        _ = bench.follow("g/NDATA/e", sequence: 5, [])
        bench.now += SparkplugHost.reorderTimeout
        #expect(bench.asked == ["g/e"])
        bench.nodeBirth(9, [count])
        bench.now += 60_000
        #expect(bench.asked == [])
    }

    @Test("a message that the broker delivers twice is no gap")
    func twice() {
        let bench = Bench()
        bench.nodeBirth(0, [count])
        for _ in 0..<2 { _ = bench.follow("g/NDATA/e", sequence: 1, []) }
        bench.now += 60_000
        #expect(bench.asked == [])
    }

    @Test("a death counts if it is of the session that lives, and takes the node's devices along")
    func nodeDeath() {
        let bench = Bench()
        bench.nodeBirth(0, birthNumber: 4)
        bench.deviceBirth("d", 1, [level])
        bench.deviceBirth("f", 2, [])
        // The will of an older session, late.
        #expect(bench.follow("g/NDEATH/e", [SparkplugWriter.birthNumber(3)]) == .departed([]))
        #expect(bench.read("g/DDATA/e/d", sequence: 3, [Metric(alias: 1, .double(2))]) == ["level 2.0"])
        #expect(
            bench.follow("g/NDEATH/e", [SparkplugWriter.birthNumber(4)])
                == .departed(["g/e", "g/e/d", "g/e/f"]))
        #expect(bench.read("g/DDATA/e/d", sequence: 4, [Metric(alias: 1, .double(2))]) == ["unborn"])
        #expect(bench.follow("g/NDEATH/e", [SparkplugWriter.birthNumber(4)]) == .departed([]))
    }

    @Test("a device dies alone, and lives again by a birth")
    func deviceDeath() {
        let bench = Bench()
        bench.nodeBirth(0)
        bench.deviceBirth("d", 1, [level])
        #expect(bench.follow("g/DDEATH/e/d", sequence: 2) == .departed(["g/e/d"]))
        #expect(bench.follow("g/DDEATH/e/d", sequence: 3) == .refused(Rejection(.unborn)))
        #expect(
            bench.read("g/DBIRTH/e/d", sequence: 4, [Metric("Count", alias: 1, type: 3, .int(5))]) == [
                "count 5.0"
            ])
        // The alias is another metric's now.
        #expect(bench.read("g/DDATA/e/d", sequence: 5, [Metric(alias: 1, .int(6))]) == ["count 6.0"])
    }

    @Test("a birth names all its metrics")
    func unnamed() {
        let bench = Bench()
        #expect(
            bench.follow("g/NBIRTH/e", sequence: 0, [Metric(alias: 1, type: 3, .int(1))])
                == .refused(Rejection(.notSparkplug, at: 9)))
        #expect(bench.follow("g/NBIRTH/e", [Metric("Count", .int(1))]) == .refused(Rejection(.notSparkplug)))
    }

    @Test("edge nodes and metrics beyond what is followed are refused, and those before are followed on")
    func bounds() {
        let bench = Bench()
        bench.nodeBirth(0, [count])
        for edge in 1..<SparkplugHost.maximumEdges { _ = bench.follow("g/NBIRTH/e\(edge)", sequence: 0) }
        #expect(bench.follow("g/NBIRTH/more", sequence: 0) == .refused(Rejection(.tooManyMetrics)))
        #expect(bench.read("g/NDATA/e", sequence: 1, [Metric(alias: 2, .int(7))]) == ["count 7.0"])
        let many = (0..<4_096).map { Metric("m\($0)", type: 3) }
        for device in 0..<16 { bench.deviceBirth("d\(device)", UInt64(2 + device), many) }
        #expect(bench.read("g/DBIRTH/e/last", sequence: 18, [level]) == ["too-many-metrics"])
    }

    @Test("names of devices beyond what is followed are refused, also where they have no metrics")
    func namesOfDevices() {
        let bench = Bench()
        bench.nodeBirth(0, [count])
        let long = String(repeating: "x", count: 60_000)
        var refused = 0
        for device in 0..<200 {
            let verdict = bench.follow("g/DBIRTH/e/\(long)\(device)", sequence: UInt64(1 + device))
            if verdict == .refused(Rejection(.tooManyMetrics)) { refused += 1 }
        }
        #expect(refused == 200 - SparkplugEdge.maximumNameBytes / 60_002)
        #expect(bench.read("g/NDATA/e", sequence: 201, [Metric(alias: 2, .int(7))]) == ["count 7.0"])
        // The node says all anew, and there is room again.
        bench.nodeBirth(0, [count])
        #expect(bench.read("g/DBIRTH/e/d", sequence: 1, [level]) == ["level 1.0"])
    }

    @Test("a request is the metric Node Control/Rebirth, true, to the node's command topic")
    func request() {
        let (topic, payload) = SparkplugCommand.rebirth(
            group: "Plant 1", edge: "Edge A", now: 1_767_574_920_000)
        #expect(topic == "spBv1.0/Plant 1/NCMD/Edge A")
        let expected = SparkplugWriter.payload(
            time: 1_767_574_920_000,
            [Metric("Node Control/Rebirth", time: 1_767_574_920_000, type: 11, .bool(true))])
        #expect(payload == expected)
        #expect(
            String(decoding: SparkplugCommand.state(isOnline: true, since: 5), as: UTF8.self)
                == #"{"online":true,"timestamp":5}"#)
    }
}
