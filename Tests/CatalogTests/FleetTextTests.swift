import Foundation
import Telemetry
import Testing

@testable import Catalog

@Suite("Rows added to a fleet")
struct FleetTextTests {
    private func row(_ id: String, alias: String? = nil, name: String = "Cổng") -> FleetRow {
        FleetRow(
            id: id, alias: alias, profile: "gate", name: Title(vi: name, en: "Gate"), ward: "an-cuu",
            latitude: 16.5,
            longitude: 107.25)
    }

    @Test("a row goes behind the others, and what is there stays as it is")
    func last() throws {
        let text = "id,profile,name,name_en,ward,lat,lon\r\na,gate,\"x, y\",X,_,1,2\r\n\r\n"
        #expect(
            try FleetText.adding(row("b"), to: text)
                == "id,profile,name,name_en,ward,lat,lon\r\na,gate,\"x, y\",X,_,1,2\r\nb,gate,Cổng,Gate,an-cuu,16.5,107.25\r\n"
        )
        #expect(
            try FleetText.adding(row("b", name: "a \"b\", c"), to: "")
                == "id,profile,name,name_en,ward,lat,lon\nb,gate,\"a \"\"b\"\", c\",Gate,an-cuu,16.5,107.25\n"
        )
    }

    @Test("a name with quotes is read as it was written")
    func quotes() throws {
        let world = try GardenWorld()
        let path = "devices/garden/fleet.csv"
        let fleet = try String(contentsOfFile: "\(world.root)/\(path)", encoding: .utf8)
        let name = "\"Cổng\" B, hẻm \"5\""
        try world.write(try FleetText.adding(row("gate-9", name: name), to: fleet), to: path)
        let device = try world.load().devices.first { $0.key == "gate-9" }
        #expect(device?.name == Title(vi: name, en: "Gate"))
    }

    @Test("a line ends at a line feed, and at nothing else that Unicode calls a new line")
    func lines() throws {
        let text = "id,profile,name,name_en,ward,lat,lon\na,gate,x\u{2028}y,X,_,1,2\n"
        #expect(
            try FleetText.adding(row("b"), to: text) == text + "b,gate,Cổng,Gate,an-cuu,16.5,107.25\n")
    }

    @Test("an alias gets its column, and every other row an empty cell")
    func alias() throws {
        let text = "id,profile,name,name_en,ward,lat,lon,cadence\na,gate,x,X,_,1,2,5m\n"
        #expect(
            try FleetText.adding(row("b", alias: "G 1/E/Bơm"), to: text)
                == "id,profile,name,name_en,ward,lat,lon,cadence,alias\na,gate,x,X,_,1,2,5m,\nb,gate,Cổng,Gate,an-cuu,16.5,107.25,,G 1/E/Bơm\n"
        )
        #expect(
            try FleetText.adding(row("c"), to: "id,profile,name,name_en,ward,lat,lon,cadence,alias\n")
                == "id,profile,name,name_en,ward,lat,lon,cadence,alias\nc,gate,Cổng,Gate,an-cuu,16.5,107.25,,\n"
        )
    }

    @Test("a file that is no fleet is left alone, and so is one whose cells go over lines")
    func refused() {
        #expect(throws: FleetText.Mistake.self) { try FleetText.adding(row("b"), to: "a,b\n1,2\n") }
        #expect(throws: FleetText.Mistake.self) {
            try FleetText.adding(
                row("b", alias: "B 1"), to: "id,profile,name,name_en,ward,lat,lon\na,gate,\"x\ny\",X,_,1,2\n")
        }
    }

    @Test(
        "an id is the name in small letters; a name that cannot be one is an alias",
        arguments: [
            ("24E124136B502217", "24e124136b502217", false), ("pump-3", "pump-3", false),
            ("Plant 1/Edge A/Pump 3", "pump-3", true), ("Phòng khách", "phong-khach", true),
            ("Đèn đường", "den-duong", true),
            ("温度", "device", true), ("-x-", "x", true),
        ])
    func identity(_ name: String, _ id: String, _ needsAlias: Bool) {
        let found = FleetRow.identity(of: name)
        #expect(found.id == id && (found.alias == name) == needsAlias && Identifier.isDevice(found.id))
    }
}
