import ArgumentParser
import Testing

@testable import ioc

@Suite("Where a device is, on the command line")
struct DevicePlaceTests {
    @Test("south and west are degrees with a dash in front")
    func southWest() throws {
        let place = ["--lat", "-33.9", "--lon", "-70.6"]
        let adopted = try DevicesAdoptCommand.parse(["pump-1"] + place)
        #expect(adopted.lat == -33.9 && adopted.lon == -70.6)
        let taken = try DevicesImportCommand.parse(
            ["zigbee2mqtt", "bridge.ndjson", "--domain", "garden"] + place)
        #expect(taken.lat == -33.9 && taken.lon == -70.6)
    }
}
