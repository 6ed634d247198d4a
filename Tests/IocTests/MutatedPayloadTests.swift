import Catalog
import Foundation
import Telemetry
import TestSupport
import Testing
import Unpacking

@testable import ioc

/// Payloads spoiled by chance, through the program itself: nothing ends it, nothing fills the memory, and each message is
/// counted once. `MUTATIONS=100000` is the long form (`make mutations`), `MUTATIONS_SEED` repeats one.
@Suite("Mutated payloads")
struct MutatedPayloadTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let count = environment["MUTATIONS"].flatMap(Int.init) ?? 2_000
    private static let seed = environment["MUTATIONS_SEED"].flatMap(UInt64.init) ?? 1
    /// Memory of the process's own, in KiB; files it maps are not among it.
    private static let mostMemory = 64 * 1_024

    @Test(
        "of each format every one is stored, refused or known, and memory stays bounded",
        arguments: Wire.Form.allCases)
    func spoiled(_ form: Wire.Form) throws {
        let folder = try TemporaryDirectory()
        let sound = try examples(form)
        try #require(!sound.isEmpty, "a profile of the fixtures speaks \(form.rawValue)")
        try write(sound, to: folder.path + "/spoiled.ndjson")
        let (figures, memory) = try replay(folder)
        #expect(figures["received"] == Self.count, "\(form.rawValue), seed \(Self.seed)")
        let accounted = ["stored", "rejected", "duplicate"].reduce(0) { $0 + (figures[$1] ?? 0) }
        #expect(accounted == Self.count, "\(form.rawValue), seed \(Self.seed): \(figures)")
        // Chance spoils most and not all: else nothing was tried.
        #expect(figures["stored"] ?? 0 > 0 && figures["rejected"] ?? 0 > 0, "\(form.rawValue): \(figures)")
        #expect((1..<Self.mostMemory).contains(memory), "\(form.rawValue), seed \(Self.seed): \(memory) KiB")
    }

    // MARK: Payloads

    private struct Sound {
        var topic: String
        var payload: [UInt8]
        var now: Milliseconds
    }

    /// Messages of the fixtures' profiles that are taken, packed where their profile says so.
    private func examples(_ form: Wire.Form) throws -> [Sound] {
        let catalog = try GardenService.loadCatalog()
        // Without a birth of its edge node a device of Sparkplug B cannot be read: number 0, and no metrics.
        let births = [
            Sound(topic: "spBv1.0/Garden 1/NBIRTH/Edge A", payload: [0x18, 0x00], now: Example.defaultNow)
        ]
        let spoken = catalog.profiles.filter { $0.wire.form == form }.flatMap { profile -> [Sound] in
            profile.examples.compactMap { example in
                guard case .readings = example.expectation else { return nil }
                let payload = profile.wire.compression.map { PayloadPacker.pack(example.payload, $0) }
                return Sound(topic: example.topic, payload: payload ?? example.payload, now: example.now)
            }
        }
        return spoken + (form == .sparkplug ? births : [])
    }

    private func write(_ sound: [Sound], to path: String) throws {
        var random = SeededGenerator(seed: Self.seed)
        try Data().write(to: URL(fileURLWithPath: path))
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        defer { try? file.close() }
        var lines = ""
        for index in 0..<Self.count {
            let message = sound.randomElement(using: &random)!
            let other = sound.randomElement(using: &random)!.payload
            let payload = Data(mutate(message.payload, other, &random)).base64EncodedString()
            lines +=
                "{\"topic\":\"\(message.topic)\",\"payload_base64\":\"\(payload)\",\"received_ms\":\(message.now + Int64(index))}\n"
            if lines.utf8.count > 1 << 20 || index == Self.count - 1 {
                try file.write(contentsOf: Data(lines.utf8))
                lines = ""
            }
        }
    }

    /// One to four of: a bit turned, a byte put in or taken out, an end cut off, a piece of another message put in, a
    /// piece said again. One in sixteen is left whole.
    private func mutate(_ payload: [UInt8], _ other: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
        var bytes = payload
        guard Int.random(in: 0..<16, using: &random) > 0 else { return bytes }
        for _ in 0...Int.random(in: 0...3, using: &random) where !bytes.isEmpty {
            let at = Int.random(in: bytes.indices, using: &random)
            switch Int.random(in: 0..<6, using: &random) {
            case 0: bytes[at] ^= 1 << UInt8.random(in: 0...7, using: &random)
            case 1: bytes.insert(UInt8.random(in: .min ... .max, using: &random), at: at)
            case 2: bytes.remove(at: at)
            case 3: bytes.removeSubrange(at...)
            case 4:
                let from = Int.random(in: other.indices, using: &random)
                bytes.insert(contentsOf: other[from..<min(other.count, from + 32)], at: at)
            default:
                let piece = bytes[at..<min(bytes.count, at + 32)]
                for _ in 0..<Int.random(in: 1...64, using: &random) {
                    bytes.insert(contentsOf: piece, at: at)
                }
            }
        }
        return bytes
    }

    // MARK: The program

    /// - Returns: what the program counted, and the most memory it was seen to have, in KiB.
    private func replay(_ folder: TemporaryDirectory) throws -> (figures: [String: Int], memory: Int) {
        let log = folder.path + "/log"
        let child = try ChildProcess(
            GardenService.program,
            [
                "replay", folder.path + "/spoiled.ndjson", "--json", "--data-dir", folder.path + "/data",
            ] + GardenService.catalog, log: log)
        var memory = 0
        var status: Int32?
        for _ in 0..<120_000 where status == nil {
            memory = max(memory, Self.ownMemory(child.pid))
            status = child.waitForExit(milliseconds: 5)
        }
        if status == nil { child.signal(SIGKILL) }
        let text = try String(contentsOfFile: log, encoding: .utf8)
        try #require(status == 0, "seed \(Self.seed): status \(status.map(String.init) ?? "none"): \(text)")
        return (try JSONDecoder().decode([String: Int].self, from: Data(text.utf8)), memory)
    }

    /// `RssAnon` of proc_pid_status(5); 0 if the process has ended.
    private static func ownMemory(_ pid: Int32) -> Int {
        let status = (try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("RssAnon:") }
        return line?.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap { Int($0) }
            ?? 0
    }
}
