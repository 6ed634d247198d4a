import ArgumentParser
import Catalog
import Testing

@testable import ioc

@Suite("Devices written for other systems")
struct DevicesExportTests {
    @Test("an IPv6 address of the broker stands in brackets")
    func bracketed() throws {
        var catalog = try GardenService.loadCatalog()
        catalog.settings.broker.host = "::1"
        let things = try DevicesExportCommand.parse(["wot"]).text(catalog.devices, catalog)
        #expect(things.contains("://[::1]:\(catalog.settings.broker.port)"))
    }
}
