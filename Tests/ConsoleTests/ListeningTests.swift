import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization
import Testing

@testable import Console

@Suite("Listening", .timeLimit(.minutes(1)))
struct ListeningTests {
    private func console(host: String = "127.0.0.1", port: Int) throws -> Console {
        Console(
            sources: try StandIn().sources(), host: host, port: port, token: RunningConsole.token,
            logger: nil,
            now: { midnight })
    }

    @Test("a port in use is an error that says what to do")
    func portInUse() async throws {
        try await RunningConsole.run { running in
            let error = await #expect(throws: ConsoleError.self) {
                try await console(port: running.port).run()
            }
            #expect(
                error?.description
                    == "127.0.0.1:\(running.port) is in use; stop the other program or choose another with --http"
            )
        }
    }

    @Test("a port in use ends a service group with the same error")
    func portInUseInGroup() async throws {
        try await RunningConsole.run { running in
            let group = ServiceGroup(
                configuration: ServiceGroupConfiguration(
                    services: [try console(port: running.port)],
                    logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }))
            await #expect(throws: ConsoleError.inUse(ListenAddress(host: "127.0.0.1", port: running.port))) {
                try await group.run()
            }
        }
    }

    @Test(
        "an address of another machine, or none, is an error that says so",
        arguments: ["192.0.2.1", "no.such.host.invalid"])
    func noSuchAddress(host: String) async throws {
        await #expect(throws: ConsoleError.noSuchAddress(ListenAddress(host: host, port: 8180))) {
            try await console(host: host, port: 8180).run()
        }
    }

    @Test("beyond the bound connections wait, that is counted, and one that closes lets the next in")
    func connections() async throws {
        var limits = ConsoleLimits()
        limits.connections = 2
        try await RunningConsole.run(limits: limits) { console in
            let bootstrap = ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            var held: [any Channel] = []
            for _ in 0..<2 {
                held.append(try await bootstrap.connect(host: "127.0.0.1", port: console.port).get())
            }
            while console.counters.fullConnections.load(ordering: .relaxed) == 0 {
                try await Task.sleep(for: .milliseconds(5))
            }
            let third = Task { try await console.get("/healthz").status }
            try await Task.sleep(for: .milliseconds(300))
            let open = console.counters.connections.load(ordering: .relaxed)
            #expect(open == 2)
            try await held[0].close()
            let status = try await third.value
            #expect(status == 200)
            try await held[1].close()
        }
    }

    @Test("a cancelled console returns")
    func cancelled() async throws {
        let console = try console(port: 0)
        let running = Task { try await console.run() }
        try await Task.sleep(for: .milliseconds(100))
        running.cancel()
        _ = await running.result
    }
}
