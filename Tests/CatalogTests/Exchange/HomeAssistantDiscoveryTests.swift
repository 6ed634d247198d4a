import Telemetry
import Testing

@testable import Catalog

@Suite("Discovery messages of Home Assistant")
struct HomeAssistantDiscoveryTests {
    /// As Zigbee2MQTT writes them, with whole words.
    private static func climate(_ object: String, _ more: String) -> (String, String) {
        (
            "homeassistant/sensor/0x00158d0001dc126a/\(object)/config",
            """
            {"device":{"identifiers":["zigbee2mqtt_0x00158d0001dc126a"],"manufacturer":"Aqara","model":"WSDCGQ11LM",\
            "name":"Phòng lạnh"},"state_topic":"zigbee2mqtt/Phòng lạnh",\(more)}
            """
        )
    }

    @Test("values of one JSON topic are one device with one profile, and its messages are then read by it")
    func json() throws {
        let bench = try ImportBench()
        let plan = try bench.plan(
            ImportBench.recorded([
                Self.climate(
                    "temperature",
                    #""device_class":"temperature","state_class":"measurement","unit_of_measurement":"°C","value_template":"{{ value_json.temperature }}""#
                ),
                Self.climate(
                    "humidity",
                    #""device_class":"humidity","unit_of_measurement":"%","value_template":"{{ value_json['humidity'] }}""#
                ),
                (
                    "homeassistant/binary_sensor/0x00158d0001dc126a/contact/config",
                    """
                    {"dev":{"ids":"zigbee2mqtt_0x00158d0001dc126a","mf":"Aqara","mdl":"WSDCGQ11LM","name":"Phòng lạnh"},"~":"zigbee2mqtt",\
                    "stat_t":"~/Phòng lạnh","val_tpl":"{{ value_json.contact }}","pl_on":false,"pl_off":true,"dev_cla":"door","exp_aft":5400}
                    """
                ),
            ]), .homeAssistant)
        #expect(plan.unmapped == [])
        #expect(plan.rows.map(\.id) == ["phong-lanh"] && plan.rows[0].alias == "Phòng lạnh")
        #expect(plan.profiles.map(\.name) == ["aqara-wsdcgq11lm"])
        let catalog = try bench.write(plan)
        // Lost after an hour and a half: silent for three cadences.
        #expect(catalog.devices.first { $0.key == "phong-lanh" }?.cadence == 1_800_000)
        #expect(
            ImportBench.readings(
                #"{"temperature":4.5,"humidity":81,"contact":false,"linkquality":90}"#,
                on: "zigbee2mqtt/Phòng lạnh",
                in: catalog) == ["temperature": 4.5, "relativeHumidity": 0.81, "door": 1])
    }

    @Test("bare values on a topic each are one device, and a counter is one")
    func bare() throws {
        func sensor(_ object: String, _ more: String) -> (String, String) {
            (
                "homeassistant/sensor/meter-7/\(object)/config",
                #"{"name":"\#(object)","dev":{"ids":["24a160"],"name":"meter-7"},"stat_t":"meter-7/sensor/\#(object)/state",\#(more)}"#
            )
        }
        let bench = try ImportBench()
        let plan = try bench.plan(
            ImportBench.recorded([
                sensor("total", #""dev_cla":"energy","stat_cla":"total_increasing","unit_of_meas":"kWh""#),
                sensor("load", #""dev_cla":"power","stat_cla":"measurement","unit_of_meas":"W""#),
            ]), .homeAssistant)
        let draft = try #require(plan.profiles.first?.draft)
        #expect(draft.topics == ["{device}/sensor/{field}/state"] && draft.form == .scalar)
        #expect(draft.measurements.map(\.kind) == [.gauge, .counter])
        let catalog = try bench.write(plan)
        #expect(
            ImportBench.readings("812.5", on: "meter-7/sensor/load/state", in: catalog) == ["power": 812.5])
    }

    @Test("a device that is described whole has its components")
    func bundle() throws {
        let plan = try ImportBench().plan(
            ImportBench.recorded([
                (
                    "homeassistant/device/well-2/config",
                    """
                    {"dev":{"ids":"well-2","name":"Well"},"state_topic":"wells/well-2/state","cmps":{"l":{"p":"sensor",\
                    "unit_of_measurement":"m","value_template":"{{ value_json.level }}"},"pump":{"p":"switch"}}}
                    """
                )
            ]), .homeAssistant)
        #expect(plan.rows.map(\.id) == ["well-2"])
        #expect(
            plan.unmapped.map(\.description) == [
                "homeassistant/device/well-2/config pump: a `switch` is no sensor"
            ])
    }

    @Test("what cannot be taken is said with its reason, and what was taken back is gone")
    func unmapped() throws {
        func sensor(_ object: String, _ config: String) -> (String, String) {
            (
                "homeassistant/sensor/\(object)/config",
                #"{"dev":{"ids":["\#(object)"]},"stat_t":"x/\#(object)",\#(config)}"#
            )
        }
        let plan = try ImportBench().plan(
            ImportBench.recorded([
                sensor("a", #""unit_of_meas":"°C","val_tpl":"{{ value_json.t | float / 10 }}""#),
                sensor("b", #""unit_of_meas":"furlong","val_tpl":"{{ value_json.t }}""#),
                sensor("c", #""val_tpl":"{{ value_json.t }}""#), sensor("d", #""dev_cla":"timestamp""#),
                sensor("e", #""unit_of_meas":"m""#), ("homeassistant/sensor/e/config", ""),
                (
                    "homeassistant/sensor/f/config",
                    #"{"dev":{"ids":["f"]},"stat_t":"x/y","unit_of_meas":"m"}"#
                ),
                ("homeassistant/sensor/g/config", "nonsense"), ("homeassistant/light/h/config", "{}"),
            ]), .homeAssistant)
        #expect(plan.rows.isEmpty)
        let reasons = Dictionary(
            uniqueKeysWithValues: plan.unmapped.map { ($0.what.split(separator: "/")[2], $0.reason) })
        #expect(reasons["a"] == "its value_template is more than a path: {{ value_json.t | float / 10 }}")
        #expect(reasons["b"] == "unit `furlong` is in no table")
        #expect(reasons["c"]?.contains("whether it is a number cannot be told") == true)
        #expect(reasons["d"] == "a timestamp is no number")
        #expect(reasons["e"] == nil)
        #expect(reasons["f"] == "no level of x/y names the device as its discovery does")
        #expect(reasons["g"] == "its payload is no JSON object")
        #expect(reasons["h"] == "a `light` is no sensor")
    }

    @Test("a file that holds something else is a mistake with its place")
    func elsewhere() throws {
        let bench = try ImportBench()
        #expect(throws: CatalogFaults.self) {
            try bench.read("{\"topic\":\"a/b\",\"payload\":\"1\"}\n", .homeAssistant)
        }
        do {
            _ = try bench.read("{\"topic\":\"a\",\"payload\":\"\"}\nhello\n", .homeAssistant)
        } catch let faults as CatalogFaults {
            #expect(faults.faults[0].line == 2)
        }
    }
}
