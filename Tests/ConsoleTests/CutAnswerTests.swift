import AsyncHTTPClient
import Console
import Foundation
import NIOCore
import Store
import Telemetry
import Testing

@Suite("An answer that cannot be read to its end", .timeLimit(.minutes(1)))
struct CutAnswerTests {
    /// A month of minutes, of whose pages the last half cannot be read.
    private static func damaged(_ city: StandIn) async throws -> StoreReader {
        try await ValueRouteTests.fillMinutes(city, 31 * 24 * 60)
        try city.store.close()
        let path = city.store.directory + "/ioc.sqlite"
        let file = try #require(FileHandle(forUpdatingAtPath: path))
        let size = try file.seekToEnd()
        try file.seek(toOffset: size / 2)
        try file.write(contentsOf: Data(repeating: 0xFF, count: Int(size - size / 2)))
        try file.close()
        return try StoreReader(directory: city.store.directory)
    }

    @Test("ends without its last chunk, so that nobody takes it for the whole")
    func cut() async throws {
        let city = try StandIn()
        var sources = city.sources()
        sources.reader = try await Self.damaged(city)
        try await RunningConsole.run(sources: sources) { console in
            let month = "from=\(midnight)&to=\(midnight + 31 * Span.day)"
            let body = try await console.body(of: "/api/v1/rollups?series=a/level&tier=1m&\(month)")
            var taken = 0
            // With its last chunk the answer would just end.
            await #expect(throws: (any Error).self) {
                for try await piece in body { taken += piece.readableBytes }
            }
            #expect(taken > 1 << 20)
        }
    }
}
