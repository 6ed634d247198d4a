package import Telemetry

extension Catalog {
    /// The profile `DOMAIN/PROFILE`, also of a library, or that of a YAML file which need not be of the catalog.
    /// - Throws: `UnknownProfile`, or `CatalogFaults` of the file.
    package func profile(_ name: String) throws -> DeviceProfile {
        guard name.hasSuffix(".yaml") else { return try (profiles + library).named(name) }
        let log = FaultLog()
        let path = name.split(separator: "/").map(String.init)
        let profile = YAMLFile.read(name, log).flatMap { root in
            ProfileFile(
                domain: path.dropLast().last ?? "_", name: String(path.last!.dropLast(".yaml".count)),
                zones: ZoneTable()
            ).read(root)
        }
        guard let profile else { throw CatalogFaults(log.faults) }
        return profile
    }
}
