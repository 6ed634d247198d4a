import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Store

/// Speaks HTTP with the running service.
struct ServiceClient: Sendable {
    typealias Parameters = [(name: String, value: String)]

    let options: ServiceOptions
    private(set) var language: Language
    private let http: HTTPClient

    /// Two and a half heartbeats of a live stream: it is dead if it is silent for longer.
    private static let silence = TimeAmount.seconds(38)
    private static let patience = TimeAmount.seconds(10)
    private static let largestAnswer = 32 << 20

    static func with<Result>(
        _ options: ServiceOptions, _ language: Language, _ body: (ServiceClient) async throws -> Result
    ) async throws -> Result {
        var configuration = HTTPClient.Configuration(timeout: .init(connect: .seconds(3), read: silence))
        // Whoever waits wants to be told at once, and to try again by an own rule.
        configuration.connectionPool.retryConnectionEstablishment = false
        let http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        do {
            let result = try await body(ServiceClient(options: options, language: language, http: http))
            try? await http.shutdown()
            return result
        } catch {
            try? await http.shutdown()
            throw error
        }
    }

    /// The same in the language that is spoken now.
    func speaking(_ language: Language) -> ServiceClient {
        var client = self
        client.language = language
        return client
    }

    /// The body of an answer.
    func get(_ path: String, _ parameters: Parameters = []) async throws -> [UInt8] {
        try await collect(request(path, parameters))
    }

    func get<Answer: Decodable>(_: Answer.Type, _ path: String, _ parameters: Parameters = []) async throws
        -> Answer
    {
        try decode(await get(path, parameters))
    }

    /// Does something in an operator's name; refusals come in his language.
    func post(_ path: String, _ parameters: Parameters = [], body: some Encodable) async throws -> [UInt8] {
        var request = try request(path, parameters + [("lang", language.rawValue)])
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/json")
        request.body = .bytes(Array(try AnswerCoding.encoder.encode(body)))
        return try await collect(request)
    }

    /// An answer that goes on; its head was good. Refusals come in the operator's language.
    func stream(_ path: String, _ parameters: Parameters, lastEventID: String) async throws
        -> HTTPClientResponse.Body
    {
        var request = try request(path, parameters + [("lang", language.rawValue)])
        request.headers.add(name: "Accept", value: "text/event-stream")
        if !lastEventID.isEmpty { request.headers.add(name: "Last-Event-ID", value: lastEventID) }
        return try await execute(request).body
    }

    func decode<Answer: Decodable>(_ body: [UInt8]) throws -> Answer {
        guard let answer = try? AnswerCoding.decoder.decode(Answer.self, from: Data(body)) else {
            throw failure(.notUnderstood)
        }
        return answer
    }

    func failure(_ kind: ServiceFailure.Kind) -> ServiceFailure {
        ServiceFailure(kind: kind, url: options.base, language: language)
    }

    /// A failure of the network in the operator's words; others as they are.
    func explained(_ error: any Error) -> any Error {
        switch error {
        case is ServiceFailure, is CommandError, is CancellationError: error
        default: failure(.unreachable(reason: ServiceFailure.reason(of: error, language)))
        }
    }

    private func request(_ path: String, _ parameters: Parameters) throws -> HTTPClientRequest {
        let query = parameters.map { "\($0.name)=\(Self.escape($0.value))" }.joined(separator: "&")
        var request = HTTPClientRequest(url: options.base + path + (query.isEmpty ? "" : "?" + query))
        request.headers.add(name: "Authorization", value: "Bearer \(try token())")
        return request
    }

    /// Read anew for every request: a service that was set up again has a new one.
    private func token() throws -> String {
        guard let text = try? String(contentsOfFile: options.tokenPath, encoding: .utf8),
            case let token = text.trimmingCharacters(in: .whitespacesAndNewlines), !token.isEmpty
        else { throw failure(.noToken(path: options.tokenPath)) }
        return token
    }

    private static func escape(_ text: String) -> String {
        let unreserved = CharacterSet(
            charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
        return text.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
    }

    private func execute(_ request: HTTPClientRequest) async throws -> HTTPClientResponse {
        do {
            let response = try await http.execute(request, timeout: Self.patience)
            guard (200..<300).contains(response.status.code) else {
                let body = try? await response.body.collect(upTo: 64 << 10)
                let sentence = body.flatMap {
                    try? JSONDecoder().decode([String: String].self, from: Data($0.readableBytesView))
                }
                throw failure(.refused(status: Int(response.status.code), sentence: sentence?["error"] ?? ""))
            }
            return response
        } catch {
            throw explained(error)
        }
    }

    private func collect(_ request: HTTPClientRequest) async throws -> [UInt8] {
        let response = try await execute(request)
        do {
            return Array(try await response.body.collect(upTo: Self.largestAnswer).readableBytesView)
        } catch {
            throw explained(error)
        }
    }
}
