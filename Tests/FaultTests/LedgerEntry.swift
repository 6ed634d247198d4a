import Foundation

/// One line of a gateways' ledger: a message that the broker has acknowledged.
struct LedgerEntry: Decodable, Sendable {
    struct Value: Decodable, Sendable {
        var measurement: String
        var value: Double
        var weight: Double
        var timeMs: Int64
    }

    var topic: String
    var payload: String?
    var payloadBase64: String?
    var device: String
    var kind: String
    var ackedMs: Int64
    /// The message says no time: it cannot be told from another with equal bytes.
    var stampedOnArrival: Bool?
    var readings: [Value]

    var isMalformed: Bool { kind == "malformed" }

    static func read(_ path: String) throws -> [LedgerEntry] {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try Data(contentsOf: URL(fileURLWithPath: path)).split(separator: UInt8(ascii: "\n")).map {
            try decoder.decode(LedgerEntry.self, from: $0)
        }
    }
}
