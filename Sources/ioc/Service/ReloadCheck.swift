import Broker
import Catalog
import Console

/// Whether a service could begin with other files, as far as can be found out while it runs with its own.
enum ReloadCheck {
    /// - Throws: `ServiceFault`, or of the broker's client and the token with their own sentences.
    static func check(_ catalog: Catalog, runningWith settings: Settings) throws {
        let wanted = catalog.settings
        let fixed = [
            ("data.directory", settings.data.directory == wanted.data.directory),
            ("http.host", settings.http.host == wanted.http.host),
            ("http.port", settings.http.port == wanted.http.port),
        ]
        // Whether another place or address can be had only a start finds out, and then there is no way back.
        if let changed = fixed.first(where: { !$0.1 }) {
            throw ServiceFault("\(changed.0): cannot change in a reload; restart the service for it")
        }
        // Reads password and certificates.
        try PublishClient(settings: wanted.broker.publisher("reload"), onAcknowledged: nil).close()
        for receiver in catalog.receivers { try receiver.checkFiles() }
        _ = try AccessToken.load(wanted.tokenPath)
    }
}
