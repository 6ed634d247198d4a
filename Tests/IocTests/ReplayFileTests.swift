import Foundation
import Store
import Telemetry
import TestSupport
import Testing

/// Files that are read on one thread and stored on another, put through the program.
@Suite("Files that are replayed")
struct ReplayFileTests {
    private static let start: Milliseconds = 1_767_574_800_000

    private func replay(_ file: String, _ copy: GardenCopy, _ more: [String] = []) throws -> (
        status: Int32?, output: String
    ) {
        let log = copy.folder.path + "/log"
        try? FileManager.default.removeItem(atPath: log)
        let child = try ChildProcess(
            GardenService.program,
            ["replay", file, "--data-dir", copy.folder.path + "/data"] + more + copy.catalog, log: log)
        let status = child.waitForExit(milliseconds: 120_000)
        return (status, try String(contentsOfFile: log, encoding: .utf8))
    }

    /// A recorded line: the moisture of a bed, numbered, a second after the one before.
    private func line(_ number: Int) -> String {
        let time = Self.start + Milliseconds(number) * Span.second
        return
            #"{"topic":"garden/bed-1","payload":"{\"ts\":\#(time),\"seq\":\#(number),\"m\":\#(number % 1000)}","received_ms":\#(time)}"#
    }

    private func write(_ lines: [String], to path: String) throws {
        try Data(lines.map { $0 + "\n" }.joined().utf8).write(to: URL(fileURLWithPath: path))
    }

    private func stored(_ copy: GardenCopy) throws -> [Double] {
        let reader = try StoreReader(directory: copy.folder.path + "/data")
        return try reader.readings("bed-1/moisture", from: 0, to: .max, limit: 100_000).map(\.value)
    }

    @Test("what stands before a line that cannot be read is stored, and the line is named")
    func errorInTheMiddle() throws {
        let copy = try GardenCopy()
        let file = copy.folder.path + "/recorded.ndjson"
        var lines = (0..<10_000).map(line)
        lines[9_000] = "{\"topic\":"
        try write(lines, to: file)
        let (status, output) = try replay(file, copy)
        #expect(status != 0 && output.contains("recorded.ndjson:9001:1: expected"), "\(output)")
        #expect(try stored(copy) == (0..<9_000).map { Double($0 % 1_000) * 0.1 })
    }
}
