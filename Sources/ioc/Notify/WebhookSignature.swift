import Crypto
import Foundation

/// Signs what is sent by Standard Webhooks (version 1 of its specification, symmetric).
struct WebhookSignature {
    private let key: SymmetricKey

    /// - Parameter secret: `whsec_` and the key in base64, 24 to 64 bytes.
    init?(secret: String) {
        let text = secret.hasPrefix("whsec_") ? String(secret.dropFirst(6)) : secret
        guard let bytes = Data(base64Encoded: text), (24...64).contains(bytes.count) else { return nil }
        key = SymmetricKey(data: bytes)
    }

    /// - Parameter seconds: since 1970; a receiver refuses what is old, so that nobody can say it again.
    func headers(id: String, seconds: Int64, body: [UInt8]) -> [(name: String, value: String)] {
        var code = HMAC<SHA256>(key: key)
        code.update(data: Data("\(id).\(seconds).".utf8))
        code.update(data: body)
        return [
            ("webhook-id", id), ("webhook-timestamp", "\(seconds)"),
            ("webhook-signature", "v1,\(Data(code.finalize()).base64EncodedString())"),
        ]
    }
}
