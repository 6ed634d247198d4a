import Foundation
import Store
import Telemetry
import TestSupport
import Testing

/// Files that are read on one thread and stored on another, put through the program.
@Suite("Files that are replayed")
struct ReplayFileTests {
    private static let start: Milliseconds = 1_767_574_800_000
    /// More than a transaction and all that is remembered to recognise repeats by.
    private static let count = 10_000

    /// Payloads with times and without numbers.
    private static let profile = """
        title: {vi: Cột đo, en: Mast}
        topic: garden/masts/{device}
        format: json
        time: {field: /ts, format: unix_ms}
        cadence: 60s
        measurements:
          - {name: wind, title: {vi: Gió, en: Wind}, field: /v, unit: m/s, kind: gauge}
        examples:
          - {name: one, topic: garden/masts/mast-1, payload: '{"ts":1767574923000,"v":1}', readings: {wind: 1}}
          - {name: none, topic: garden/masts/mast-1, payload: '{"ts":1767574923000}', rejected: no-readings}
        """

    private let copy: GardenCopy
    private var file: String { copy.folder.path + "/recorded" }

    init() throws {
        copy = try GardenCopy()
        try Data(Self.profile.utf8).write(
            to: URL(fileURLWithPath: copy.root + "/devices/garden/mast.yaml"))
    }

    private static let mast = ["--profile", "garden/mast", "--device", "mast-1"]

    private func replay(_ file: String, _ more: [String] = mast) throws -> (status: Int32?, output: String) {
        let log = copy.folder.path + "/log"
        try? FileManager.default.removeItem(atPath: log)
        let child = try ChildProcess(
            GardenService.program,
            ["replay", file, "--data-dir", copy.folder.path + "/data"] + more + copy.catalog, log: log)
        let status = child.waitForExit(milliseconds: 120_000)
        return (status, try String(contentsOfFile: log, encoding: .utf8))
    }

    /// The wind of a mast, a second after the one before.
    private func line(_ number: Int) -> String {
        #"{"ts":\#(Self.start + Milliseconds(number) * Span.second),"v":\#(number)}"#
    }

    private func recorded(_ number: Int) -> String {
        let time = Self.start + Milliseconds(number) * Span.second
        let payload = line(number).replacing("\"", with: "\\\"")
        return #"{"topic":"garden/masts/mast-1","payload":"\#(payload)","received_ms":\#(time)}"#
    }

    private func write(_ lines: [String], to path: String, end: String = "\n") throws {
        try Data((lines.joined(separator: "\n") + end).utf8).write(to: URL(fileURLWithPath: path))
    }

    private func stored() throws -> [Double] {
        let reader = try StoreReader(directory: copy.folder.path + "/data")
        return try reader.readings("mast-1/wind", from: 0, to: .max, limit: 100_000).map(\.value)
    }

    private func numbers(_ count: Int) -> [Double] { (0..<count).map(Double.init) }

    @Test("what stands before a line that cannot be read is stored; once it can be, the file goes on there")
    func errorInTheMiddle() throws {
        let fleet = URL(fileURLWithPath: copy.root + "/devices/garden/fleet.csv")
        let rows = try String(contentsOf: fleet, encoding: .utf8)
        try Data((rows + "mast-1,mast,Cột,Mast,an-cuu,16.4,107.6,,\n").utf8).write(to: fleet)
        var lines = (0..<Self.count).map(recorded)
        lines[9_000] = "{\"topic\":"
        try write(lines, to: file)
        let (status, output) = try replay(file, [])
        #expect(status != 0 && output.contains("recorded:9001:1: expected"), "\(output)")
        #expect(try stored() == numbers(9_000))
        lines[9_000] = recorded(9_000)
        lines[9_500] = "{}"
        try write(lines, to: file)
        let again = try replay(file, [])
        #expect(again.status != 0 && again.output.contains("recorded:9501:1: expected"), "\(again.output)")
        lines[9_500] = recorded(9_500)
        try write(lines, to: file)
        let mended = try replay(file, [])
        #expect(mended.status == 0 && mended.output.contains("received 500 · stored 500"), "\(mended.output)")
        #expect(try stored() == numbers(Self.count))
    }

    @Test(
        "a file is stored once, under whatever name it comes, and taken whole again where that is asked for")
    func repeated() throws {
        try write((0..<Self.count).map(line), to: file)
        let first = try replay(file)
        #expect(first.status == 0 && first.output.contains("stored \(Self.count)"), "\(first.output)")
        try FileManager.default.moveItem(atPath: file, toPath: file + ".old")
        let again = try replay(file + ".old")
        #expect(
            again.status == 0 && again.output.contains("bytes were replayed before")
                && again.output.contains("received 0"), "\(again.output)")
        // A device of its own is another thing.
        let other = try replay(file + ".old", ["--profile", "garden/mast", "--device", "mast-2"])
        #expect(other.output.contains("received \(Self.count) · stored \(Self.count)"), "\(other.output)")
        #expect(try stored() == numbers(Self.count))
        let anew = try replay(file + ".old", Self.mast + ["--anew"])
        #expect(anew.output.contains("received \(Self.count)"), "\(anew.output)")
        #expect(!anew.output.contains("replayed before"), "\(anew.output)")
    }

    @Test(
        "what a run that ended early left open is closed by the next, also where it has nothing more to store"
    )
    func unfinished() throws {
        let lines = (0..<90).map(recorded)
        let fleet = URL(fileURLWithPath: copy.root + "/devices/garden/fleet.csv")
        let rows = try String(contentsOf: fleet, encoding: .utf8)
        try Data((rows + "mast-1,mast,Cột,Mast,an-cuu,16.4,107.6,,\n").utf8).write(to: fleet)
        try write(lines + ["{\"topic\":"], to: file)
        #expect(try replay(file, []).status != 0)
        try write(lines, to: file)
        let (status, output) = try replay(file, [])
        #expect(status == 0 && output.contains("received 0"), "\(output)")
        let reader = try StoreReader(directory: copy.folder.path + "/data")
        for (tier, counts) in [(Tier.minute, [60, 30]), (.day, [90])] {
            let windows = try reader.rollups("mast-1/wind", tier: tier, from: 0, to: .max, limit: 10)
            #expect(windows.map { Int($0.count) } == counts)
        }
    }

    @Test("a file that has grown goes on behind its stored part, also where its last line had no end")
    func growth() throws {
        for (count, end) in [(3, ""), (4, "\n"), (5_000, ""), (Self.count, "\r\n")] {
            try write((0..<count).map(line), to: file, end: end)
            let (status, output) = try replay(file)
            #expect(status == 0, "\(output)")
            #expect(try stored() == numbers(count))
        }
    }

    @Test("a line that was replayed before it was whole is said")
    func torn() throws {
        try write(["{\"ts\":1767574800000,\"v\":1}", "{\"ts\":17675748"], to: file, end: "")
        #expect(try replay(file).output.contains("stored 1 · rejected 1"))
        try write((0..<3).map(line), to: file)
        #expect(try replay(file).output.contains("the first 41 bytes, which were replayed before, are not"))
        try write(["{\"ts\":1767574800000,\"v\":1}", "{\"ts\":1767574801000,\"v\":1}"], to: file)
        let (status, output) = try replay(file)
        #expect(
            status != 0 && output.contains("the line at byte 41 was replayed before it was whole"),
            "\(output)")
    }

    @Test("a file that was replayed and has changed is refused, and so is one that has become shorter")
    func changed() throws {
        var lines = (0..<Self.count).map(line)
        try write(lines, to: file)
        _ = try replay(file)
        lines[7] = line(70_000)
        try write(lines, to: file)
        let refused = try replay(file)
        #expect(refused.status != 0 && refused.output.contains("are not what they were"), "\(refused.output)")
        try write(Array(lines.prefix(5_000)), to: file)
        let shorter = try replay(file)
        #expect(shorter.status != 0 && shorter.output.contains("are not what they were"), "\(shorter.output)")
        #expect(try stored() == numbers(Self.count))
        // Another file may take its name.
        try write([line(Self.count)], to: file)
        let other = try replay(file, Self.mast + ["--anew"])
        #expect(other.status == 0 && other.output.contains("stored 1"), "\(other.output)")
        #expect(try stored() == numbers(Self.count + 1))
    }

    @Test("files of one run that begin with the same bytes are stored once")
    func twins() throws {
        try write((0..<10).map(line), to: file)
        try write((0..<20).map(line), to: file + ".more")
        let (_, output) = try replay(file, [file, file + ".more", file] + Self.mast)
        #expect(output.contains("received 20 · stored 20"), "\(output)")
    }
}
