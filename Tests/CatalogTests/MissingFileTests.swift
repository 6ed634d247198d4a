import Catalog
import Telemetry
import Testing

@Suite("Files that are not there, or not as files should be")
struct MissingFileTests {
    @Test("everything that is missing is named at once")
    func nothing() {
        let faults = #expect(throws: CatalogFaults.self) {
            try Catalog.load(
                configFile: "/nowhere/ioc.yaml", devicesDirectory: "/nowhere/devices",
                alertsDirectory: "/nowhere/alerts")
        }
        #expect(
            faults?.faults.map(\.description) == [
                "/nowhere/alerts:1:1: there is no such folder",
                "/nowhere/devices:1:1: there is no such folder",
                "/nowhere/ioc.yaml:1:1: there is no such file",
                "/nowhere/wards.csv:1:1: there is no such file",
            ])
    }

    @Test("mistakes of several files come in order of file, line and column")
    func order() throws {
        let world = try GardenWorld()
        try world.replace("cadence: 60s", with: "cadence: 60", in: "devices/garden/bed.yaml")
        try world.replace("kind: gauge", with: "kind: level", in: "devices/garden/bed.yaml")
        try world.replace("priority: low", with: "priority: lowest", in: "config/alerts/garden.yaml")
        try world.replace("an-cuu,16.45", with: "an-cuu,north", in: "devices/garden/fleet.csv")
        #expect(
            world.faults().map { String($0.prefix { $0 != " " }) } == [
                "config/alerts/garden.yaml:9:19:", "devices/garden/bed.yaml:6:10:",
                "devices/garden/bed.yaml:12:11:",
                "devices/garden/fleet.csv:2:47:",
            ])
    }

    @Test("the service's own domain is no folder")
    func ownDomain() throws {
        let world = try GardenWorld()
        try world.makeFolder("devices/ioc")
        try world.write("id,profile,name,name_en,ward,lat,lon\n", to: "devices/ioc/fleet.csv")
        #expect(
            world.faults() == [
                "devices/ioc:1:1: this domain is the service itself; give the folder another name"
            ])
    }

    @Test("a domain without a fleet, rules without a domain, and .yml are mistakes")
    func folders() throws {
        let world = try GardenWorld()
        try world.remove("devices/garden/fleet.csv")
        try world.write("groups: []\n", to: "config/alerts/gardn.yaml")
        try world.write("title: x\n", to: "devices/garden/shed.yml")
        #expect(
            world.faults() == [
                "config/alerts/gardn.yaml:1:1: there is no domain `gardn`: the file is named as the folder in devices/; did you mean `garden`?",
                "devices/garden/fleet.csv:1:1: there is no such file",
                "devices/garden/shed.yml:1:1: name it .yaml, or it is not read",
            ])
    }

    @Test("a file may have a mebibyte and not a byte more")
    func size() throws {
        let world = try GardenWorld()
        let text = "# " + String(repeating: "x", count: 1 << 20)
        try world.write(text, to: "config/ioc.yaml")
        #expect(world.faults() == ["config/ioc.yaml:1:1: the file is larger than 1024 KiB: split it"])
    }

    @Test("brackets without end are refused before they fill the stack")
    func nesting() throws {
        let world = try GardenWorld()
        try world.write(String(repeating: "[", count: 1 << 19), to: "config/ioc.yaml")
        let faults = world.faults()
        #expect(faults.count == 1)
        #expect(faults.first?.contains("not YAML") == true)
    }

    @Test("bytes that are not UTF-8 are said to be so")
    func encoding() throws {
        let world = try GardenWorld()
        try world.write(bytes: [0x63, 0x3A, 0x20, 0xFF, 0x0A], to: "config/ioc.yaml")
        #expect(world.faults() == ["config/ioc.yaml:1:1: the file is not UTF-8: save it as UTF-8"])
    }

    @Test("a control character is named with its place")
    func controlCharacter() throws {
        let world = try GardenWorld()
        try world.write("city:\n  timezone: Asia/\u{1}Ho\n", to: "config/ioc.yaml")
        #expect(world.faults() == ["config/ioc.yaml:2:18: not YAML: control characters are not allowed"])
    }

    @Test("the same id in two fleets names the other place, and the same rule in two files too")
    func twoDomains() throws {
        let world = try GardenWorld()
        try world.makeFolder("devices/yard")
        try world.copy("devices/garden/gate.yaml", to: "devices/yard/gate.yaml")
        try world.write(
            "id,profile,name,name_en,ward,lat,lon\ngate-1,gate,Cổng,Gate,_,16.4,107.6\n",
            to: "devices/yard/fleet.csv")
        #expect(
            world.faults() == [
                "devices/yard/fleet.csv:2:1: id: \"gate-1\" is a device at devices/garden/fleet.csv:4 already"
            ])
    }

    @Test("a place is taken apart where it was put together")
    func place() {
        let fault = LocatedFault(file: "a:b.yaml", line: 3, column: 9, message: "x")
        #expect(LocatedFault(place: fault.place, message: "x") == fault)
        #expect(LocatedFault(place: "a.yaml", message: "x") == LocatedFault(file: "a.yaml", message: "x"))
    }
}
