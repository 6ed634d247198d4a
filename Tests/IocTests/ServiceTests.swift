import Foundation
import Store
import TestSupport
import Testing

@testable import ioc

@Suite("Service", .serialized)
struct ServiceTests {
    private struct Line: Decodable {
        var topic: String
        var payload: String?
        var kind: String
        /// Such a message says no time and no number: two with the same bytes are two readings.
        var stampedOnArrival: Bool?
    }

    /// Distinct messages of the ledger that are no deliberate nonsense.
    private func acknowledged(_ path: String) throws -> (good: Int, malformed: Int, lines: Int) {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        var good: Set<String> = []
        var malformed = 0
        var lines = 0
        for text in try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n") {
            let line = try decoder.decode(Line.self, from: Data(text.utf8))
            lines += 1
            if line.kind == "malformed" {
                malformed += 1
            } else {
                let own = line.stampedOnArrival == true ? "\(lines) " : ""
                good.insert(own + line.topic + (line.payload ?? ""))
            }
        }
        return (good.count, malformed, lines)
    }

    @Test("counts every acknowledged message exactly once over two kills under load")
    func kill() throws {
        let service = try RunningService()
        let ledger = service.directory.path + "/ledger"
        let gateways = try service.simulate([
            "--rate", "800", "--duration", "6", "--ledger", ledger, "--duplicates", "0.01", "--malformed",
            "0.01",
        ])
        for _ in 0..<2 {
            usleep(2_000_000)
            try service.killAndRestart()
        }
        #expect(gateways.waitForExit(milliseconds: 60_000) == 0)
        let expected = try acknowledged(ledger)
        #expect(expected.good > 2_000)
        let reader = try StoreReader(directory: service.data)
        let limit = Date(timeIntervalSinceNow: 30)
        while try reader.losses().reduce(0, { $0 + $1.stored }) < expected.good, Date() < limit {
            usleep(100_000)
        }
        #expect(service.stop() == 0)
        let losses = try reader.losses()
        #expect(losses.reduce(0) { $0 + $1.stored } == Int64(expected.good))
        #expect(losses.reduce(0) { $0 + $1.rejected } == Int64(expected.malformed))
        #expect(losses.allSatisfy { $0.unaccounted == 0 })
        #expect(losses.reduce(0) { $0 + $1.dropped } == 0)
    }
}
