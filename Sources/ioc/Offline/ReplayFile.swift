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
    /// Where it is by its full path; nil for what is no file, as a pipe.
    let place: String?

    /// - Throws: `ServiceFault` if it cannot be read.
    init(_ path: String) throws {
        self.path = path
        let url = URL(fileURLWithPath: path)
        // `.mappedIfSafe` reads the whole file into memory here. What is no file, as a pipe, cannot be mapped.
        let mapped = try? Data(contentsOf: url, options: .alwaysMapped)
        guard let data = mapped ?? Self.readThrough(path) else {
            throw ServiceFault("\(path): cannot read the file; check the name and its rights")
        }
        bytes = data
        place = mapped.map { _ in url.resolvingSymlinksInPath().standardizedFileURL.path }
    }

    private static func readThrough(_ path: String) -> Data? {
        guard let handle = FileHandle(forReadingAtPath: path) else { return nil }
        return try? handle.readToEnd() ?? Data()
    }

    /// Calls `body` for each line that begins at `start` or behind it, without its end, with its number and how many bytes of
    /// the file are behind it. The file is mapped and never copied as a whole: a recording may be larger than the memory.
    func forEachLine(
        from start: Int = 0, _ body: (_ line: ArraySlice<UInt8>, _ number: Int, _ done: Int) throws -> Void
    ) rethrows {
        try bytes.withUnsafeBytes { all in
            var next = 0
            var number = 0
            while next < all.count {
                let begin = next
                let end = Self.end(ofLineAt: begin, in: all)
                number += 1
                next = min(end + 1, all.count)
                guard begin >= start else { continue }
                let line = Self.line(all[begin..<end])
                if !line.isEmpty { try body(ArraySlice(line), number, next) }
            }
        }
    }

    private static func end(ofLineAt begin: Int, in all: UnsafeRawBufferPointer) -> Int {
        let found = memchr(all.baseAddress! + begin, 0x0A, all.count - begin)
        return found.map { UnsafeRawPointer($0) - all.baseAddress! } ?? all.count
    }

    /// Without the end that it may have besides 0A.
    private static func line(_ bytes: Slice<UnsafeRawBufferPointer>) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes.last == 0x0D ? bytes.dropLast() : bytes)
    }

    /// The first line with its end, and where the second begins.
    private var header: (line: [UInt8], end: Int) {
        bytes.withUnsafeBytes { all in
            guard !all.isEmpty else { return ([], 0) }
            let end = Self.end(ofLineAt: 0, in: all)
            let line = Self.line(all[..<end])
            return (line.isEmpty ? [] : line + [0x0A], min(end + 1, all.count))
        }
    }

    /// Calls `body` with messages of as many rows as fit.
    /// - Parameters:
    ///   - start: where the first of them begins.
    ///   - limit: bytes of one.
    ///   - rows: of one, at most.
    ///   - hasHeader: whether the first line is to stand over the rows of each message.
    func forEachBatch(
        from start: Int = 0, limit: Int, rows most: Int, hasHeader: Bool,
        _ body: (_ payload: [UInt8], _ done: Int) throws -> Void
    ) throws {
        let header = hasHeader ? header : (line: [], end: 0)
        var batch: [UInt8] = []
        var rows = 0
        var reached = 0
        try forEachLine(from: max(start, header.end)) { line, _, done in
            if rows > 0, rows == most || header.line.count + batch.count + line.count + 1 > limit {
                try body(header.line + batch, reached)
                batch.removeAll(keepingCapacity: true)
                rows = 0
            }
            batch.append(contentsOf: line)
            batch.append(0x0A)
            rows += 1
            reached = done
        }
        if rows > 0 { try body(header.line + batch, bytes.count) }
    }
}
