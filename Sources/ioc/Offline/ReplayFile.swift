import Foundation

/// A file handed over in messages: NDJSON line by line, lines that stand for themselves in batches, CSV under its header.
struct ReplayFile {
    struct Envelope: Decodable {
        var topic: String
        var payload: String?
        var payloadBase64: String?
        var receivedMs: Int64?

        enum CodingKeys: String, CodingKey {
            case topic, payload
            case payloadBase64 = "payload_base64"
            case receivedMs = "received_ms"
        }

        var bytes: [UInt8]? {
            if let payload { return Array(payload.utf8) }
            return payloadBase64.flatMap { Data(base64Encoded: $0) }.map(Array.init)
        }
    }

    /// Rows of one message at most: a transaction has some of them.
    static let rowsPerMessage = 500

    let path: String
    let bytes: Data

    /// - Throws: `ServiceFault` if it cannot be read.
    init(_ path: String) throws {
        self.path = path
        // `.mappedIfSafe` reads the whole file into memory here. What is no file, as a pipe, cannot be mapped.
        let mapped = try? Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
        guard let data = mapped ?? Self.readThrough(path) else {
            throw ServiceFault("\(path): cannot read the file; check the name and its rights")
        }
        bytes = data
    }

    private static func readThrough(_ path: String) -> Data? {
        guard let handle = FileHandle(forReadingAtPath: path) else { return nil }
        return try? handle.readToEnd() ?? Data()
    }

    /// Calls `body` for each line without its end, with its number and how many bytes of the file are behind it. The file
    /// is mapped and never copied as a whole: a recording may be larger than the memory.
    func forEachLine(_ body: (_ line: ArraySlice<UInt8>, _ number: Int, _ done: Int) throws -> Void) rethrows
    {
        try bytes.withUnsafeBytes { all in
            var start = 0
            var number = 0
            while start < all.count {
                let end = all[start...].firstIndex(of: 0x0A) ?? all.count
                number += 1
                var line = UnsafeRawBufferPointer(rebasing: all[start..<end])
                if line.last == 0x0D { line = UnsafeRawBufferPointer(rebasing: line.dropLast()) }
                start = min(end + 1, all.count)
                if !line.isEmpty { try body(ArraySlice(line), number, start) }
            }
        }
    }

    /// Calls `body` with messages of as many rows as fit.
    /// - Parameters:
    ///   - limit: bytes of one.
    ///   - rows: of one, at most.
    ///   - hasHeader: whether the first line is to stand over the rows of each message.
    func forEachBatch(
        limit: Int, rows most: Int, hasHeader: Bool, _ body: (_ payload: [UInt8], _ done: Int) throws -> Void
    ) throws {
        var header: [UInt8] = []
        var batch: [UInt8] = []
        var rows = 0
        try forEachLine { line, number, done in
            if hasHeader, number == 1 {
                header = Array(line) + [0x0A]
                return
            }
            if rows == most || header.count + batch.count + line.count + 1 > limit {
                try body(header + batch, done)
                batch.removeAll(keepingCapacity: true)
                rows = 0
            }
            batch.append(contentsOf: line)
            batch.append(0x0A)
            rows += 1
        }
        if rows > 0 { try body(header + batch, bytes.count) }
    }
}
