import ArgumentParser
import Foundation

/// Where the running service is, and what it lets us in for.
struct ServiceOptions: ParsableArguments {
    @Option(help: "Address of the service.")
    var url = "http://127.0.0.1:8180"

    @Option(help: "File with the service's token. (default: token in the data directory)")
    var tokenFile: String?

    @Option(help: "Where the database and the token are kept.")
    var dataDir = "data"

    var tokenPath: String { tokenFile ?? dataDir + "/token" }

    /// `url` without slashes at its end.
    var base: String {
        var base = url[...]
        while base.hasSuffix("/") { base = base.dropLast() }
        return String(base)
    }

    func validate() throws {
        let parts = URLComponents(string: url)
        guard let scheme = parts?.scheme, scheme == "http" || scheme == "https", parts?.host?.isEmpty == false
        else {
            throw UsageFault.of(
                vi: "--url \(url): cần một địa chỉ như http://127.0.0.1:8180",
                en: "--url \(url): expected an address like http://127.0.0.1:8180")
        }
    }
}
