import ArgumentParser
import Catalog
import Foundation

/// Where the configuration is, and what overrides it.
struct CatalogOptions: ParsableArguments {
    @Option(help: "The configuration.")
    var config = "config/ioc.yaml"

    @Option(help: "Profiles and fleets.")
    var devices = "devices"

    @Option(help: "Alert rules; default: `alerts` beside the configuration.")
    var alerts: String?

    /// - Throws: `CatalogFaults`.
    func load() throws -> Catalog {
        let directory = URL(fileURLWithPath: config).deletingLastPathComponent().relativePath
        return try Catalog.load(
            configFile: config, devicesDirectory: devices, alertsDirectory: alerts ?? directory + "/alerts")
    }
}
