import Foundation

/// A self-signed certificate for 127.0.0.1, made by the openssl command; its own authority.
package final class TestCertificates: Sendable {
    package let certificate: String
    package let key: String
    private let directory: URL

    package init() throws {
        directory = FileManager.default.temporaryDirectory.appendingPathComponent("tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        certificate = directory.appendingPathComponent("certificate.pem").path
        key = directory.appendingPathComponent("key.pem").path
        let openssl = try ChildProcess(
            "/usr/bin/openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                "-days", "2",
                "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out",
                certificate,
            ])
        guard openssl.waitForExit(milliseconds: 10_000) == 0 else {
            throw MosquittoServer.Failure(description: "openssl made no certificate")
        }
    }

    deinit { try? FileManager.default.removeItem(at: directory) }
}
