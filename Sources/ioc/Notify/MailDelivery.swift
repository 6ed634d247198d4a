import Foundation
import Mail
import Pipeline
import Synchronization
import Telemetry

/// A mail to all addresses of the receiver. What the server says after the data is a receipt.
struct MailDelivery: Delivery {
    let route: MailRoute

    func deliver(_ message: NotificationMessage) async throws -> String {
        do {
            let password = try route.passwordFile.map(SecretFile.read)
            let server = MailServer(
                url: route.server, username: route.username, password: password,
                authority: route.authorityFile)
            let mail = MailMessage(
                id: message.id, date: Self.date(message.sentMs), from: route.from, to: route.to,
                subject: message.subject, text: message.text)
            return try await onThread { isCancelled in try server.send(mail, isCancelled: isCancelled) }
        } catch {
            throw DeliveryFailure("\(error)")
        }
    }

    /// libcurl blocks: not on a thread that others need.
    private func onThread(_ work: @escaping @Sendable (_ isCancelled: @escaping () -> Bool) throws -> String)
        async throws -> String
    {
        let flag = Mutex(false)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation {
                (continuation: CheckedContinuation<String, any Error>) in
                PlainThread {
                    continuation.resume(with: Result { try work { flag.withLock { $0 } } })
                }.detach()
            }
        } onCancel: {
            flag.withLock { $0 = true }
        }
    }

    /// As RFC 5322 writes it.
    static func date(_ time: Milliseconds) -> String {
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(identifier: "GMT")
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss Z"
        return format.string(from: Date(timeIntervalSince1970: Double(time / Span.second)))
    }
}
