import AsyncHTTPClient
import Foundation
import Mail
import Telemetry

/// Brings a message to a receiver.
protocol Delivery: Sendable {
    /// - Returns: what the receiver answered; it has the message.
    /// - Throws: `DeliveryFailure`.
    func deliver(_ message: NotificationMessage) async throws -> String
}

/// Why a message did not get there, in a line.
struct DeliveryFailure: Error, CustomStringConvertible {
    let description: String
    /// How long the receiver asks to be left alone.
    let wait: Milliseconds?

    init(_ reason: some StringProtocol, wait: Milliseconds? = nil) {
        let line = reason.split(whereSeparator: \.isNewline).first { !$0.allSatisfy(\.isWhitespace) }
        description = line.map { String($0.prefix(Self.longest)) } ?? "no reason was given"
        self.wait = wait
    }

    private static let longest = 300
}

extension Receiver {
    /// Whether its secrets and certificates can be had, before anything depends on it.
    /// - Throws: `ServiceFault`.
    func checkFiles() throws {
        switch way {
        case .webhook(_, let secretFile): _ = try WebhookDelivery.signature(secretFile)
        case .mail(let route):
            _ = try route.passwordFile.map(SecretFile.read)
            if let path = route.authorityFile, !FileManager.default.isReadableFile(atPath: path) {
                throw ServiceFault(
                    "\(path): cannot be read; `ca_file` is a file of certificates in PEM that vouch for the mail server"
                )
            }
        case .command: break
        }
    }

    func delivery(_ http: HTTPClient) -> any Delivery {
        switch way {
        case .webhook(let url, let secretFile): WebhookDelivery(url: url, secretFile: secretFile, http: http)
        case .mail(let route): MailDelivery(route: route)
        case .command(let words): CommandDelivery(words: words)
        }
    }
}
