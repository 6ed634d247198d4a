import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Telemetry

/// POST of the JSON, signed. Any answer of 2xx is a receipt.
struct WebhookDelivery: Delivery {
    let url: String
    let secretFile: String
    let http: HTTPClient

    private static let patience = TimeAmount.seconds(15)
    private static let largestAnswer = 64 << 10

    /// Follows nothing: where messages go says the configuration alone.
    static func client() -> HTTPClient {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow, timeout: .init(connect: .seconds(5), read: .seconds(10)))
        // Trying again is the outbox's business.
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    func deliver(_ message: NotificationMessage) async throws -> String {
        let signature: WebhookSignature
        do { signature = try Self.signature(secretFile) } catch { throw DeliveryFailure("\(error)") }
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/json; charset=utf-8")
        request.headers.add(name: "User-Agent", value: "ioc/\(version)")
        let seconds = SystemClock.now() / Span.second
        for (name, value) in signature.headers(id: message.id, seconds: seconds, body: message.body) {
            request.headers.add(name: name, value: value)
        }
        request.body = .bytes(message.body)
        return try await answer(request)
    }

    private func answer(_ request: HTTPClientRequest) async throws -> String {
        let response: HTTPClientResponse
        do {
            response = try await http.execute(request, timeout: Self.patience)
        } catch {
            throw DeliveryFailure(ServiceFailure.reason(of: error, .en))
        }
        let body = try? await response.body.collect(upTo: Self.largestAnswer)
        let text = body.map { String(buffer: $0) } ?? ""
        let status = "\(response.status.code) \(response.status.reasonPhrase)"
        guard (200..<300).contains(response.status.code) else {
            let line = text.split(whereSeparator: \.isNewline).first.map { ": \($0)" } ?? ""
            let wait = RetryAfter.parse(response.headers.first(name: "Retry-After"), now: SystemClock.now())
            throw DeliveryFailure("HTTP \(status)\(line)", wait: wait)
        }
        return "HTTP \(status)"
    }

    /// - Throws: `ServiceFault`.
    static func signature(_ secretFile: String) throws -> WebhookSignature {
        guard let signature = WebhookSignature(secret: try SecretFile.read(secretFile)) else {
            throw ServiceFault(
                "\(secretFile): expected `whsec_` and 24 to 64 bytes in base64; make one: "
                    + "echo \"whsec_$(openssl rand -base64 32)\" > \(secretFile)")
        }
        return signature
    }
}

/// How long a receiver asks to be left alone: seconds, or a date (RFC 9110 section 10.2.3).
enum RetryAfter {
    static func parse(_ text: String?, now: Milliseconds) -> Milliseconds? {
        guard let text else { return nil }
        if let seconds = Int64(text.trimmingCharacters(in: .whitespaces)) {
            return max(min(seconds, 86_400), 0) * Span.second
        }
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(identifier: "GMT")
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss zzz"
        guard let date = format.date(from: text) else { return nil }
        return max(Milliseconds(date.timeIntervalSince1970 * 1_000) - now, 0)
    }
}
