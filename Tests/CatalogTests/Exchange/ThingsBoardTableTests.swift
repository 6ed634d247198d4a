import Telemetry
import Testing

@testable import Catalog

@Suite("A CSV export of ThingsBoard's devices")
struct ThingsBoardTableTests {
    @Test("a type that is a profile of the domain is taken, with label and place")
    func rows() throws {
        let bench = try ImportBench()
        let plan = try bench.plan(
            """
            Name,Device profile,Label,Latitude,Longitude\r
            Bed 7,Bed,"Luống bảy, cổng",16.47,107.58\r
            bed-8,bed,,,\r
            tank,Water Tank,,,\r
            ,bed,,,\r

            """, .thingsBoardCSV)
        #expect(plan.rows.map(\.id) == ["bed-7", "bed-8"] && plan.rows.map(\.profile) == ["bed", "bed"])
        #expect(plan.rows[0].name.vi == "Luống bảy, cổng" && plan.rows[0].latitude == 16.47)
        // The centre of the ward.
        #expect(plan.rows[1].latitude == 16.451)
        #expect(
            plan.unmapped.map(\.description) == [
                "tank: its type `Water Tank` is no profile of the domain: write water-tank.yaml first",
                "line 5: has no name",
            ])
        let catalog = try bench.write(plan)
        #expect(catalog.devices.first { $0.key == "bed-7" }?.alias == "Bed 7")
    }

    @Test("a quote inside a quoted label is written twice")
    func quotes() throws {
        let plan = try ImportBench().plan(
            "name,type,label\nbed-7,bed,\"Luống \"\"bảy\"\", cổng\"\n", .thingsBoardCSV)
        #expect(plan.rows.map(\.name.vi) == ["Luống \"bảy\", cổng"])
    }

    @Test("semicolons divide, too, and a header without names is a mistake")
    func headers() throws {
        let bench = try ImportBench()
        #expect(try bench.plan("name;type\nbed-7;bed\n", .thingsBoardCSV).rows.map(\.id) == ["bed-7"])
        #expect(throws: CatalogFaults.self) { try bench.read("a,b\n1,2\n", .thingsBoardCSV) }
    }
}
