import Foundation
import Store
import Telemetry
import TestSupport
import Testing

/// A replay that is killed at its commits, and begun again until it ends.
@Suite("A replay that is killed", .serialized)
struct ReplayKillTests {
    private static let program = Bundle(for: FaultControl.self).bundleURL.appendingPathComponent("ioc").path
    private static let rows = 20_000
    private let directory: TemporaryDirectory
    private let control: FaultControl

    init() throws {
        directory = try TemporaryDirectory()
        control = try FaultControl(directory: directory.path)
        // Ten transactions of two thousand rows.
        try FileManager.default.copyItem(
            atPath: Repository.root + "/config", toPath: directory.path + "/config")
        let path = directory.path + "/config/ioc.yaml"
        let small = try String(contentsOfFile: path, encoding: .utf8)
            .replacing("readings: 4096", with: "readings: 256")
            .replacing("ring_capacity: 65536", with: "ring_capacity: 4096")
        try Data(small.utf8).write(to: URL(fileURLWithPath: path))
        // Neither numbers nor few enough to be recognised one by one.
        var text = "timestamp,value\n"
        for row in 0..<Self.rows {
            let moment = row * 20
            let (day, hour, minute, second) = (
                moment / 86_400 + 1, moment / 3_600 % 24, moment / 60 % 60, moment % 60
            )
            text += String(format: "2026-01-%02d %02d:%02d:%02d,%d\n", day, hour, minute, second, row % 100)
        }
        try Data(text.utf8).write(to: URL(fileURLWithPath: directory.path + "/rows.csv"))
    }

    private func start() throws -> ChildProcess {
        try ChildProcess(
            Self.program,
            [
                "replay", directory.path + "/rows.csv", "--profile", "traffic/detector-archive", "--device",
                "mn-6005", "--data-dir", directory.path + "/data", "--config",
                directory.path + "/config/ioc.yaml",
                "--devices", Repository.root + "/devices", "--alerts", directory.path + "/config/alerts",
            ], environment: control.environment, log: directory.path + "/log")
    }

    private func stored() throws -> [Double] {
        let reader = try StoreReader(directory: directory.path + "/data")
        return try reader.readings("mn-6005/averageVehicleSpeed", from: 0, to: .max, limit: 100_000).map(
            \.value)
    }

    @Test("goes on where its last transaction ended: every row is stored once")
    func kills() throws {
        var kills = 0
        var countdown: Int64 = 5
        while true {
            control.kill(at: kills % 2 == 0 ? .beforeCommit : .afterCommit, after: countdown)
            let status = try start().waitForExit(milliseconds: 120_000)
            if control.killedAt == nil {
                let log = try String(contentsOfFile: directory.path + "/log", encoding: .utf8)
                #expect(status == 0, "\(log)")
                break
            }
            kills += 1
            // What a start commits differs; in the end there is room for a whole replay.
            countdown += 2
        }
        #expect(kills > 3)
        #expect(try stored() == (0..<Self.rows).map { Double($0 % 100) * 1.609344 })
        let reader = try StoreReader(directory: directory.path + "/data")
        let days = try reader.rollups(
            "mn-6005/averageVehicleSpeed", tier: .day, from: 0, to: .max, limit: 100)
        #expect(days.reduce(0) { $0 + $1.count } == Self.rows)
    }

    @Test("an interrupt is a kill between two transactions")
    func interrupt() throws {
        control.slowSyncs(milliseconds: 20)
        let child = try start()
        // Of a start alone there are fewer.
        while control.syncs < 12, child.waitForExit(milliseconds: 0) == nil { usleep(1_000) }
        child.signal(SIGINT)
        let status = child.waitForExit(milliseconds: 120_000)
        #expect(status.map { $0 & 0x7F } == SIGINT)
        control.slowSyncs(milliseconds: 0)
        #expect(try start().waitForExit(milliseconds: 120_000) == 0)
        #expect(try stored() == (0..<Self.rows).map { Double($0 % 100) * 1.609344 })
    }
}
