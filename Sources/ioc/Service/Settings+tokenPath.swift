import Catalog

extension Settings {
    /// File of the token that the console asks for.
    var tokenPath: String { http.tokenFile ?? data.directory + "/token" }
}
