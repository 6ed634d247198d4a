import ArgumentParser
import Foundation
import Store
import Synchronization
import Telemetry
import TestSupport
import Testing

@testable import ioc

@Suite("Commands that ask the service")
struct CommandsServiceTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        try "secret-token\n".write(toFile: directory.path + "/token", atomically: true, encoding: .utf8)
    }

    private func options(port: Int) throws -> ServiceOptions {
        try ServiceOptions.parse(["--url", "http://127.0.0.1:\(port)/", "--data-dir", directory.path])
    }

    private func event(_ id: Int) -> String {
        """
        {"id":\(id),"alert":1,"rule":"R","device":"jr-001","domain":"works","ward":"_","priority":"low","from_state":"normal",\
        "to_state":"unacknowledged","cause":"condition","at_ms":1,"recorded_ms":1,"summary_vi":"v","summary_en":"e","rule_version":""}
        """
    }

    @Test("a stream that was cut goes on behind the last event that was whole")
    func resume() async throws {
        let server = try CommandsStandIn([
            CommandsStandIn.stream(
                "id: 4\n\nid: 5\nevent: alert\ndata: \(event(5))\n\nid: 6\nevent: alert\ndata: {\"id"),
            CommandsStandIn.answer("503 Service Unavailable", #"{"error":"busy"}"#),
            CommandsStandIn.stream("id: 6\nevent: alert\ndata: \(event(6))\n\n"),
            CommandsStandIn.answer("401 Unauthorized", #"{"error":"no"}"#),
        ])
        let heard = Mutex<[String]>([])
        let failure = await #expect(throws: ServiceFailure.self) {
            try await ServiceClient.with(options(port: server.port), .en) { client in
                try await AlertFollower(client: client, parameters: [("ward", "a b+c")]).run { news in
                    heard.withLock { $0.append(Self.word(news)) }
                }
            }
        }
        #expect(heard.withLock { $0 } == ["open", "event 5", "lost", "lost", "resumed", "event 6", "lost"])
        #expect(try #require(failure).kind == .refused(status: 401, sentence: "no"))
        let requests = server.requests
        #expect(
            requests[0].hasPrefix(
                "GET /api/v1/alerts/stream?ward=a%20b%2Bc&lang=\(Language.en.rawValue) HTTP/1.1"))
        #expect(requests[0].contains("Authorization: Bearer secret-token\r\n"))
        #expect(!requests[0].contains("Last-Event-ID"))
        #expect(requests[1].contains("Last-Event-ID: 5\r\n"))
        #expect(requests[3].contains("Last-Event-ID: 6\r\n"))
    }

    private static func word(_ news: StreamNews) -> String {
        switch news {
        case .open(let isResumed): isResumed ? "resumed" : "open"
        case .event(let event, _): "event \(event.id)"
        case .announcement(let announcement): "announcement \(announcement.event)"
        case .picture: "picture"
        case .lost: "lost"
        }
    }

    @Test("an acknowledgement carries who and why, and the service's refusal is passed on")
    func acknowledge() async throws {
        let server = try CommandsStandIn([
            CommandsStandIn.answer("200 OK", event(9)),
            CommandsStandIn.answer("409 Conflict", #"{"error":"alert 1: is acknowledged"}"#),
        ])
        try await ServiceClient.with(options(port: server.port), .en) { client in
            _ = try await OperatorAction.acknowledge.send(
                client, alert: 1, operatorName: "Lan", comment: "đã rõ")
            let failure = await #expect(throws: ServiceFailure.self) {
                try await OperatorAction.unacknowledge.send(
                    client, alert: 1, operatorName: "Lan", comment: nil)
            }
            #expect(try #require(failure).description == "alert 1: is acknowledged")
        }
        #expect(server.requests[0].hasPrefix("POST /api/v1/alerts/1/ack?lang=en "))
        #expect(server.requests[0].hasSuffix(#"{"comment":"đã rõ","operator":"Lan"}"#))
        #expect(server.requests[1].hasSuffix(#"{"operator":"Lan"}"#))
    }

    @Test("nobody there, no token, and somebody else's answer are told apart")
    func failures() async throws {
        let closed = try CommandsStandIn([])
        try await Task.sleep(for: .milliseconds(100))
        #expect(
            try await description(closed.port).contains("the service does not answer (connection refused)"))
        let foreign = try CommandsStandIn([CommandsStandIn.answer("200 OK", "<html>")])
        #expect(try await description(foreign.port).contains("the answer is not one of ioc's"))
        try FileManager.default.removeItem(atPath: directory.path + "/token")
        #expect(try await description(1).contains("cannot read the token"))
    }

    private func description(_ port: Int) async throws -> String {
        struct Anything: Decodable {}
        do {
            _ = try await ServiceClient.with(options(port: port), .en) { client in
                try await client.get(Anything.self, "/api/v1/status")
            }
            return "no failure"
        } catch let failure as ServiceFailure {
            return failure.description
        }
    }

    @Test("an address that is none is refused", arguments: ["127.0.0.1:8180", "ftp://x", "http://", ""])
    func badAddress(url: String) {
        #expect(throws: (any Error).self) { try ServiceOptions.parse(["--url", url]) }
    }
}
