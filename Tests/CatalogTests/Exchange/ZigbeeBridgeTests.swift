import Testing

@testable import Catalog

@Suite("Devices of a Zigbee2MQTT bridge")
struct ZigbeeBridgeTests {
    private static let sensor = """
        {"ieee_address":"0x00158d0001dc126a","type":"EndDevice","friendly_name":"Lop-10A1","disabled":false,"definition":{
          "model":"WSDCGQ11LM","vendor":"Aqara","description":"Temperature and humidity sensor","exposes":[
            {"type":"numeric","name":"battery","property":"battery","unit":"%","access":1,"category":"diagnostic","label":"Battery","value_min":0,"value_max":100},
            {"type":"numeric","name":"temperature","property":"temperature","unit":"°C","access":1,"label":"Temperature"},
            {"type":"numeric","name":"calibration","property":"temperature_calibration","unit":"°C","access":7,"category":"config"},
            {"type":"enum","name":"identify","property":"identify","access":2,"values":["identify"]},
            {"type":"enum","name":"action","property":"power_on_behavior","access":7,"values":["off","on"]},
            {"type":"numeric","name":"linkquality","property":"linkquality","unit":"lqi","access":1}]}}
        """
    private static let plug = """
        {"ieee_address":"0x01","type":"Router","friendly_name":"plug","definition":{"model":"SP-1","vendor":"Acme","exposes":[
          {"type":"switch","features":[{"type":"binary","name":"state","property":"state","value_on":"ON","value_off":"OFF","access":7}]},
          {"type":"composite","name":"meter","property":"meter","features":[{"type":"numeric","name":"energy","property":"energy","unit":"kWh","access":1}]},
          {"type":"list","name":"history","property":"history","access":1}]}}
        """

    @Test(
        "values are taken with their units, settings and commands are not, and devices of one model share a profile"
    )
    func devices() throws {
        let bench = try ImportBench()
        let second = Self.sensor.replacing("Lop-10A1", with: "Lop-10A2").replacing("126a", with: "126b")
        let plan = try bench.plan(
            "[{\"type\":\"Coordinator\",\"friendly_name\":\"Coordinator\"},\(Self.sensor),\(second),\(Self.plug)]",
            .zigbee2mqtt)
        #expect(plan.rows.map(\.id) == ["lop-10a1", "lop-10a2", "plug"])
        #expect(plan.profiles.map(\.name) == ["aqara-wsdcgq11lm", "acme-sp-1"])
        #expect(plan.rows[1].profile == "aqara-wsdcgq11lm")
        let left = plan.unmapped.map(\.description)
        #expect(left.contains("Lop-10A1 (0x00158d0001dc126a) /temperature_calibration: a setting"))
        #expect(left.contains("Lop-10A1 (0x00158d0001dc126a) /linkquality: unit `lqi` is in no table"))
        #expect(left.contains("plug (0x01) /history: a `list` is no single value"))
        let catalog = try bench.write(plan)
        #expect(
            ImportBench.readings(
                #"{"battery":87,"temperature":27.5,"power_on_behavior":"on"}"#, on: "zigbee2mqtt/Lop-10A2",
                in: catalog) == ["batteryLevel": 0.87, "temperature": 27.5, "powerOnBehavior": 1])
        #expect(
            ImportBench.readings(
                #"{"state":"ON","meter":{"energy":12.5}}"#, on: "zigbee2mqtt/plug", in: catalog)
                == ["switchState": 1, "energy": 12.5])
    }

    @Test("the bridge's own settings say the base topic, and how it writes times")
    func info() throws {
        let recorded = ImportBench.recorded([
            ("nha/z2m/bridge/info", #"{"config":{"advanced":{"last_seen":"epoch"}}}"#),
            ("nha/z2m/bridge/devices", "[\(Self.sensor)]"),
        ])
        let bench = try ImportBench()
        let plan = try bench.plan(recorded, .zigbee2mqtt)
        let draft = try #require(plan.profiles.first?.draft)
        #expect(draft.topics == ["nha/z2m/{device}"])
        #expect(draft.time == ProfileDraft.Time(field: "/last_seen", format: "unix_ms"))
        let catalog = try bench.write(plan)
        #expect(
            ImportBench.readings(
                #"{"last_seen":1767574920000,"temperature":27.5}"#, on: "nha/z2m/Lop-10A1", in: catalog)
                == ["temperature": 27.5])
    }

    @Test("a value whose access is no number of bits is left out", arguments: ["1e30", "1.5"])
    func access(_ access: String) throws {
        let sensor = Self.sensor.replacing(
            #""unit":"°C","access":1"#, with: #""unit":"°C","access":\#(access)"#)
        let plan = try ImportBench().plan("[\(sensor)]", .zigbee2mqtt)
        #expect(
            plan.unmapped.map(\.description).contains(
                "Lop-10A1 (0x00158d0001dc126a) /temperature: its `access` is no whole number"))
        #expect(plan.profiles.first?.draft.measurements.map(\.name) == ["batteryLevel", "powerOnBehavior"])
    }

    @Test("a device that is unknown, disabled or named over two levels is left out")
    func obstacles() throws {
        let plan = try ImportBench().plan(
            """
            [{"ieee_address":"0x1","type":"EndDevice","friendly_name":"0x1","definition":null},
             {"ieee_address":"0x2","type":"EndDevice","friendly_name":"off","disabled":true,"definition":{}},
             {"ieee_address":"0x3","type":"EndDevice","friendly_name":"tang-2/phong-2","definition":{"exposes":[]}},
             {"ieee_address":"0x4","type":"EndDevice","friendly_name":"mute","definition":{"model":"M","exposes":[]}}]
            """, .zigbee2mqtt)
        #expect(plan.rows.isEmpty)
        #expect(
            plan.unmapped.map(\.description) == [
                "0x1: Zigbee2MQTT does not know what it is", "off (0x2): is disabled in Zigbee2MQTT",
                "tang-2/phong-2 (0x3): a friendly name with `/` is several levels of a topic: rename it in Zigbee2MQTT",
                "mute (0x4): has no value that can be taken",
            ])
    }
}
