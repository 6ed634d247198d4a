import ArgumentParser

/// `mqtt://host:port`, `mqtts://host:port`, or `host:port`.
struct BrokerAddress {
    let host: String
    let port: Int
    let isSecure: Bool

    /// - Throws: `ValidationError` with an example.
    init(_ text: String) throws {
        var rest = text[...]
        var isSecure = false
        if rest.hasPrefix("mqtts://") {
            isSecure = true
            rest = rest.dropFirst(8)
        } else if rest.hasPrefix("mqtt://") {
            rest = rest.dropFirst(7)
        } else if rest.contains("://") {
            throw ValidationError("\(text): expected mqtt://HOST:PORT or mqtts://HOST:PORT")
        }
        if rest.hasSuffix("/") { rest = rest.dropLast() }
        if !rest.contains(":") { rest += isSecure ? ":8883" : ":1883" }
        (host, port) = try HostAndPort.parse(String(rest), flag: "--broker")
        self.isSecure = isSecure
    }
}

enum HostAndPort {
    /// - Throws: `ValidationError` that names the flag.
    static func parse(_ text: String, flag: String) throws -> (host: String, port: Int) {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            (0...65_535).contains(port)
        else { throw ValidationError("\(flag) \(text): expected HOST:PORT, for example 127.0.0.1:8180") }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        guard !host.isEmpty else {
            throw ValidationError("\(flag) \(text): the host is missing, for example 127.0.0.1:\(port)")
        }
        return (String(host), port)
    }
}
