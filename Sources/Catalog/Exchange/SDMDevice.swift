package import Telemetry

/// A device as the `Device` of the FIWARE Smart Data Models, in the plain form (`keyValues`). Required there are id, type,
/// category and controlledProperty.
package struct SDMDevice: Encodable {
    private struct Point: Encodable {
        var type = "Point"
        /// Longitude first (RFC 7946 section 3.1.1).
        var coordinates: [Double]
    }

    private let id: String
    private let type = "Device"
    private let category = ["sensor"]
    private let controlledProperty: [String]
    private let name: String
    private let alternateName: String
    private let location: Point
    /// nil for a device of the whole city.
    private let address: [String: String]?
    private let refDeviceModel: String

    package init(_ device: Device, _ profile: DeviceProfile) {
        id = "urn:ngsi-ld:Device:\(device.key)"
        controlledProperty = profile.measurements.map(\.name)
        name = device.name.vi
        alternateName = device.name.en
        location = Point(coordinates: [device.longitude, device.latitude])
        address = device.ward == "_" ? nil : ["addressRegion": device.ward]
        refDeviceModel = "urn:ngsi-ld:DeviceModel:\(profile.domain):\(profile.name)"
    }
}
