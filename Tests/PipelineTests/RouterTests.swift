import Telemetry
import Testing

@testable import Pipeline

@Suite("Router")
struct RouterTests {
    private let router: Router

    init() throws {
        var wire = Wire(form: .scalar)
        var measurements: [Measurement] = []
        for name in ["temperature", "humidity", "light"] {
            var field = Wire.Field()
            field.field = "air/" + name
            wire.fields.append(field)
            let title = Title(vi: name, en: name)
            measurements.append(Measurement(name: name, title: title, unit: "1", kind: .gauge))
        }
        let template = try TopicTemplate("homie/5/{device}/{field}/{field}")
        let profile = DeviceProfile(
            domain: "test", name: "room", title: Title(vi: "", en: ""),
            topics: wire.fields.indices.compactMap {
                template.filled(with: wire.fields[$0].field ?? "", field: $0)
            }, cadence: Span.minute, measurements: measurements, wire: wire,
            format: try wire.compile(for: measurements))
        let devices = ["room-1", "room-2"].map {
            Device(
                key: $0, profileIndex: 0, domain: "test", name: Title(vi: $0, en: $0), ward: "_", latitude: 0,
                longitude: 0, cadence: Span.minute)
        }
        router = Router(registry: Registry(profiles: [profile], devices: devices))
    }

    private func find(_ topic: String) -> String {
        Array(topic.utf8).withUnsafeBufferPointer { bytes in
            switch router.find(bytes) {
            case .route(let route, let device):
                "\(route.slot) \(route.field) \(String(decoding: bytes[device], as: UTF8.self))"
            case .shared: "shared"
            case .unknownDevice: "unknown device"
            case .unknownTopic: "unknown topic"
            }
        }
    }

    @Test(
        "a topic per field leads to the device and says which field it is, at the first and at every later time"
    )
    func fields() {
        #expect(router.filters == ["humidity", "light", "temperature"].map { "homie/5/+/air/\($0)" })
        for _ in 0..<2 {
            #expect(find("homie/5/room-2/air/humidity") == "1 1 room-2")
            #expect(find("homie/5/room-2/air/light") == "1 2 room-2")
            #expect(find("homie/5/room-1/air/temperature") == "0 0 room-1")
        }
        #expect(find("homie/5/room-1/air/noise") == "unknown topic")
        #expect(find("homie/5/room-3/air/light") == "unknown device")
    }

    @Test("a device written with capitals is the same device")
    func capitals() {
        for _ in 0..<2 { #expect(find("homie/5/Room-1/air/light") == "0 2 Room-1") }
        #expect(find("homie/5/ROOM-9/air/light") == "unknown device")
    }
}
