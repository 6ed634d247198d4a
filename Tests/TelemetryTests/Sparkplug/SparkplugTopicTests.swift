import Testing

@testable import Telemetry

@Suite("Topics of Sparkplug B (3.0 section 4.1)")
struct SparkplugTopicTests {
    private func read(_ text: String) -> (kind: SparkplugTopic.Kind, path: String)? {
        Array(text.utf8).withUnsafeBufferPointer { SparkplugTopic($0).map { ($0.kind, $0.path) } }
    }

    @Test("messages of an edge node have four levels, those of its devices five")
    func levels() throws {
        let node = try #require(read("spBv1.0/Plant 1/NBIRTH/Edge A"))
        #expect(node.kind == .nodeBirth && node.path == "Plant 1/Edge A")
        let device = try #require(read("spBv1.0/Nhà máy/DDATA/edge/Bơm 3"))
        #expect(device.kind == .deviceData && device.path == "Nhà máy/edge/Bơm 3")
        for kind in SparkplugTopic.Kind.allCases {
            #expect((read("spBv1.0/g/\(kind.rawValue)/e") != nil) == !kind.isOfDevice)
            #expect((read("spBv1.0/g/\(kind.rawValue)/e/d") != nil) == kind.isOfDevice)
        }
    }

    @Test(
        "commands, states of hosts, other namespaces and empty names are nothing to read",
        arguments: [
            "spBv1.0/g/NCMD/e", "spBv1.0/g/DCMD/e/d", "spBv1.0/STATE/host", "spAv1.0/g/NDATA/e",
            "spBv1.0/g/NDATA",
            "spBv1.0//NDATA/e", "spBv1.0/g/NDATA/", "spBv1.0/g/DDATA/e/", "spBv1.0/g/DDATA//d",
            "spBv1.0/g/DDATA/e/d/x",
            "spBv1.0/g/ndata/e", "", "/", "////", "spBv1.0",
        ])
    func none(_ text: String) { #expect(read(text) == nil) }
}
