import Console
import NIOCore
import NIOPosix
import Synchronization
import Testing

/// Clients that ask and then read nothing.
@Suite("A client that does not read", .timeLimit(.minutes(1)))
struct StuckClientTests {
    /// Asks for all events, more than the kernel's buffers hold, and takes not a byte.
    private static func ask(_ console: RunningConsole) async throws -> any Channel {
        let summary = String(repeating: "x", count: 20_000)
        for batch in 0..<10 {
            try await console.city.raise(batch * 100..<batch * 100 + 100, summary: summary)
        }
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .channelOption(.autoRead, value: false)
            .channelOption(.socketOption(.so_rcvbuf), value: 8_192)
            .connect(host: "127.0.0.1", port: console.port).get()
        let request = """
            GET /api/v1/alerts/stream HTTP/1.1\r\nHost: x\r\nLast-Event-ID: 0\r\n\
            Authorization: Bearer \(RunningConsole.token)\r\n\r\n
            """
        try await channel.writeAndFlush(ByteBuffer(string: request))
        while console.city.feed.listenerCount == 0 { try await Task.sleep(for: .milliseconds(5)) }
        return channel
    }

    @Test("is cut after the limit, and its place is free again")
    func cut() async throws {
        var limits = ConsoleLimits()
        limits.stall = .milliseconds(300)
        try await RunningConsole.run(limits: limits) { console in
            let channel = try await Self.ask(console)
            while console.city.feed.listenerCount == 1 { try await Task.sleep(for: .milliseconds(10)) }
            let cut = console.counters.stalledClients.load(ordering: .relaxed)
            #expect(cut == 1)
            try? await channel.close()
        }
    }

    @Test("does not keep the service from stopping")
    func shutdown() async throws {
        try await RunningConsole.run { console in
            _ = try await Self.ask(console)
            try await Task.sleep(for: .milliseconds(200))
            #expect(console.city.feed.listenerCount == 1)
        }
    }

    @Test("is let be as long as it takes a little")
    func slow() async throws {
        var limits = ConsoleLimits()
        // Longer than a busy machine keeps this test from reading, shorter than the test reads.
        limits.stall = .seconds(6)
        try await RunningConsole.run(limits: limits) { console in
            let channel = try await Self.ask(console)
            for _ in 0..<400 {
                channel.read()
                try await Task.sleep(for: .milliseconds(22))
            }
            #expect(console.city.feed.listenerCount == 1)
            try? await channel.close()
        }
    }
}
