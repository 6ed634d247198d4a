import ArgumentParser
import Catalog
import Foundation
import Logging
import Pipeline
import Synchronization
import Telemetry

struct ReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Puts files through the same pipeline as live messages.",
        discussion: """
            Without --profile a file has one JSON object {topic, payload or payload_base64, received_ms} a line, as a recorder
            writes it. With --profile it is in that profile's format: CSV with its header, lines of line protocol, otherwise one payload a line;
            --device says whose it is, unless the payloads do.
            A file is replayed once: with each transaction it is noted how far it has been read, so that after an error, a
            kill, or once it has grown, the same command goes on exactly there. It is known by its bytes, under any name; with other bytes
            under its name it is refused. Besides, a message is recognised as one sent again is: by its number (the last 1024 of a
            device), else by its bytes (the last 64).

              ioc replay recorded.ndjson --data-dir replayed
              ioc replay speed.csv --profile mydomain/myprofile --device detector-1 --data-dir replayed
              ioc replay meters.line --profile mydomain/mygateway --data-dir replayed
            """)

    @Argument(help: "Files in order.") var files: [String]
    @Option(help: "DOMAIN/PROFILE that the files are in.") var profile: String?
    @Option(help: "The device that speaks: one of the fleet, or a new one for this replay.") var device:
        String?
    @Option(help: "Where the database is kept (data.directory).") var dataDir: String?
    @Flag(
        help:
            "Takes files from their beginning, whatever was replayed before: after a change of a profile or a fleet. After a kill it begins there again."
    )
    var anew = false
    @OptionGroup var options: CatalogOptions
    @Flag(help: "The result as one JSON object.") var json = false

    func validate() throws {
        if profile == nil, device != nil { throw ValidationError("--device needs --profile") }
    }

    func run() throws {
        do {
            var catalog = try options.load()
            if let dataDir { catalog.settings.data.directory = dataDir }
            let target = try profile.map { try ReplayTarget.find(profile: $0, device: device, in: &catalog) }
            let replay = try Replay(catalog, logger: ServiceLog.make(label: "replay", level: .warning))
            let (files, limits, anew) = (files, catalog.settings.intake.limits, anew)
            try replay.run { intake in
                for path in files {
                    let file = try ReplayFile(path)
                    let start = try intake.begin(file, target: target?.name ?? "", isNew: anew)
                    if start > 0 {
                        Failure.say("\(path): \(start) bytes were replayed before; going on behind them")
                    }
                    try Self.add(file, from: start, target, intake, limits)
                    intake.endFile()
                }
            }
            try replay.finish()
            report(replay)
        } catch {
            throw Failure.exit(error)
        }
    }

    private static func add(
        _ file: ReplayFile, from start: Int, _ target: ReplayTarget?, _ intake: ReplayIntake,
        _ limits: DecodeLimits
    ) throws {
        let progress = Progress(label: file.path, total: file.bytes.count)
        defer { progress.finish() }
        guard let target else {
            let decoder = JSONDecoder()
            try file.forEachLine(from: intake.recalls ? 0 : start) { line, number, done in
                guard let envelope = try? decoder.decode(ReplayFile.Envelope.self, from: Data(line)),
                    let payload = envelope.bytes
                else {
                    throw ServiceFault(
                        "\(file.path):\(number):1: expected {\"topic\":…,\"payload\":…,\"received_ms\":…}")
                }
                if let received = envelope.receivedMs, !(0...SystemClock.now() + Span.day).contains(received)
                {
                    throw ServiceFault(
                        "\(file.path):\(number):1: received_ms: expected Unix milliseconds not in the future, found \(received)"
                    )
                }
                let topic = Array(envelope.topic.utf8)
                guard done > start else {
                    return intake.recall(topic: topic, payload: payload, received: envelope.receivedMs)
                }
                try intake.add(
                    topic: topic, payload: payload, received: envelope.receivedMs, through: done)
                progress.show(done)
            }
            return
        }
        if target.form == .csv || target.form == .lineProtocol {
            try file.forEachBatch(
                from: start, limit: limits.payloadBytes, rows: target.rows(limits),
                hasHeader: target.form == .csv
            ) { payload, done in
                try intake.add(topic: target.topic, payload: payload, received: nil, through: done)
                progress.show(done)
            }
        } else {
            try file.forEachLine(from: start) { line, _, done in
                try intake.add(topic: target.topic, payload: Array(line), received: nil, through: done)
                progress.show(done)
            }
        }
    }

    private func report(_ replay: Replay) {
        let counters = replay.counters
        let figures: [(String, Int64)] = [
            ("received", counters.received.load(ordering: .relaxed)),
            ("stored", counters.stored.load(ordering: .relaxed)),
            ("rejected", counters.rejected.load(ordering: .relaxed)),
            ("duplicate", counters.duplicate.load(ordering: .relaxed)),
            ("readings", counters.readings.load(ordering: .relaxed)),
            ("late", counters.late.load(ordering: .relaxed)),
            ("rollups", counters.rollups.load(ordering: .relaxed)),
        ]
        if json {
            print("{" + figures.map { "\"\($0)\":\($1)" }.joined(separator: ",") + "}")
        } else {
            print(figures.map { "\($0) \($1)" }.joined(separator: " · "))
        }
    }
}

/// The topic that the payloads of a file are taken to have come on.
struct ReplayTarget {
    /// Of profile and device.
    let name: String
    let topic: [UInt8]
    let form: Wire.Form
    /// Measurements that a row may have.
    private let measurements: Int

    /// How many rows one message may have, of a format in which there are several.
    func rows(_ limits: DecodeLimits) -> Int {
        max(1, min(ReplayFile.rowsPerMessage, limits.readings / max(measurements, 1)))
    }

    /// Adds the device to the catalog if no fleet has it.
    /// - Parameter device: nil if the payloads say whose they are.
    static func find(profile id: String, device: String?, in catalog: inout Catalog) throws -> ReplayTarget {
        let index = try catalog.profiles.index(named: id)
        let profile = catalog.profiles[index]
        guard profile.wire.namesDevices == (device == nil) else {
            throw ServiceFault(
                device == nil
                    ? "\(id): say with --device whose the payloads are; they do not"
                    : "\(id): its payloads say whose they are, so leave out --device")
        }
        guard let key = device else {
            return ReplayTarget(id, profile, topic: profile.topics[0].topic([:]))
        }
        let known = catalog.devices.first { $0.key == key }
        if let known, known.profileIndex != index {
            throw ServiceFault(
                "\(key) is a device of profile \(catalog.profiles[known.profileIndex].id), not \(id)")
        }
        let ward = known?.ward ?? "_"
        if known == nil {
            catalog.devices.append(
                Device(
                    key: key, profileIndex: index, domain: profile.domain, name: Title(vi: key, en: key),
                    ward: ward,
                    latitude: 0, longitude: 0, cadence: profile.cadence))
        }
        let topic = profile.topics[0].topic(["device": key, "ward": ward])
        return ReplayTarget("\(id) \(key)", profile, topic: topic)
    }

    private init(_ name: String, _ profile: DeviceProfile, topic: String) {
        self.name = name
        self.topic = Array(topic.utf8)
        form = profile.wire.form
        measurements = profile.measurements.count
    }
}
