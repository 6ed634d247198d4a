import Broker
import Foundation
import TestSupport
import Testing

@Suite("IntakeClient over TLS", .serialized, .timeLimit(.minutes(1)))
struct IntakeTLSTests {
    let server: MosquittoServer
    let certificates: TestCertificates
    let tlsPort: UInt16

    init() throws {
        certificates = try TestCertificates()
        tlsPort = try MosquittoServer.freePort()
        var options = MosquittoServer.Options()
        options.extra = [
            "listener \(tlsPort) 127.0.0.1", "certfile \(certificates.certificate)",
            "keyfile \(certificates.key)",
        ]
        server = try MosquittoServer(options)
    }

    @Test("20,000 messages arrive in order, though OpenSSL holds some where poll cannot see them")
    func order() throws {
        let intake = try RunningIntake(settings())
        #expect(eventually { intake.handler.now.connections == [false] })
        try server.publish(numbers(1...20_000))
        #expect(eventually(within: 10) { intake.handler.now.messages.count == 20_000 })
        #expect(intake.handler.now.payloads == numbers(1...20_000))
        #expect(intake.stop())
        let second = try RunningIntake(settings())
        #expect(eventually { second.handler.now.connections == [true] })
        #expect(!eventually(within: 0.1) { !second.handler.now.messages.isEmpty })
        #expect(second.stop())
    }

    @Test("a full handler stops the reading over TLS too, and nothing is lost")
    func fullHandler() throws {
        let handler = RecordingHandler()
        handler.set { $0.capacity = 100 }
        let intake = try RunningIntake(settings(), handler)
        #expect(eventually { handler.now.connections.count == 1 })
        try server.publish(numbers(1...5000))
        #expect(eventually { handler.now.messages.count >= 100 })
        handler.set { $0.capacity = .max }
        #expect(eventually { handler.now.messages.count == 5000 })
        #expect(handler.now.payloads == numbers(1...5000))
        #expect(intake.stop())
    }

    @Test("a broker signed by someone else is refused with a sentence")
    func wrongAuthority() throws {
        let other = try TestCertificates()
        var settings = settings()
        settings.tls?.caFile = other.certificate
        let intake = try RunningIntake(settings)
        #expect(eventually { intake.client.state.lastError?.kind == .tls })
        #expect(intake.client.state.lastError?.description.contains("signed by \(other.certificate)") == true)
        #expect(intake.stop())
    }

    @Test("a publisher speaks TLS as well, and says so when the port does not")
    func publisher() throws {
        let client = try PublishClient(settings: settings(), onAcknowledged: nil)
        try client.connect(timeoutSeconds: 5)
        for _ in 1...1000 {
            #expect(client.publish(topic: "ioc/test", payload: [65], qos: 1, retain: false) != nil)
        }
        #expect(client.waitUntilDone(milliseconds: 5000))
        client.close()

        var plain = settings()
        plain.port = server.port
        let wrong = try PublishClient(settings: plain, onAcknowledged: nil)
        #expect(throws: BrokerError.self) { try wrong.connect(timeoutSeconds: 2) }
        wrong.close()
    }

    private func settings() -> BrokerSettings {
        var settings = server.settings("tls-client")
        settings.port = tlsPort
        settings.tls = TLSSettings(caFile: certificates.certificate)
        return settings
    }
}
