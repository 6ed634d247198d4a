/// How to prove to each other who client and broker are. The version is TLS 1.2 or newer, always.
package struct TLSSettings: Sendable, Equatable {
    /// PEM file of the authority that signed the broker's certificate.
    package var caFile: String
    /// PEM file of the client's own certificate; needs `keyFile` too.
    package var certificateFile: String?
    /// PEM file of the client's private key, without a pass phrase.
    package var keyFile: String?
    /// Accepts a certificate that names another host. For tests only: anyone the authority signed can then listen in.
    package var insecure: Bool

    package init(
        caFile: String, certificateFile: String? = nil, keyFile: String? = nil, insecure: Bool = false
    ) {
        self.caFile = caFile
        self.certificateFile = certificateFile
        self.keyFile = keyFile
        self.insecure = insecure
    }
}
