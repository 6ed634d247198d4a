import ArgumentParser
import Console
import Foundation
import Store
import Telemetry
import TestSupport
import Testing

@testable import ioc

/// Rules over history that is stored must say what the service said when it came in.
@Suite("Rules replayed over stored history")
struct RuleReplayTests {
    private static let seed: UInt64 = 20_260_105
    private static let start: Milliseconds = 1_767_574_800_000

    /// A day of a bed that dries and is watered, with gaps, late messages and a gate that opens.
    private func record(to path: String) throws {
        var random = SeededGenerator(seed: Self.seed)
        var lines = ""
        var moisture = 30.0
        for minute in 0..<1_440 {
            let time = Self.start + Int64(minute) * Span.minute
            moisture = min(max(moisture + Double.random(in: -3...3, using: &random), 5), 95)
            guard Int.random(in: 0..<20, using: &random) > 0 else { continue }
            let delay = Int.random(in: 0..<10, using: &random) == 0 ? Int64(90_000) : 500
            lines +=
                #"{"topic":"garden/bed-1","payload":"{\"ts\":\#(time),\"seq\":\#(minute),\"m\":\#(Int(moisture * 10))}","received_ms":\#(time + delay)}"#
                + "\n"
        }
        try Data(lines.utf8).write(to: URL(fileURLWithPath: path))
    }

    private struct Moment: Hashable, CustomStringConvertible {
        var rule: String
        var device: String
        var at: Milliseconds
        var state: String
        var description: String { "\(rule)/\(device) \(state) at \(at)" }
    }

    @Test("the replay says what was said, transition for transition")
    func same() throws {
        let folder = try TemporaryDirectory()
        try record(to: folder.path + "/day.ndjson")
        let log = folder.path + "/log"
        let arguments =
            ["replay", folder.path + "/day.ndjson", "--data-dir", folder.path + "/data"]
            + GardenService.catalog
        let child = try ChildProcess(GardenService.program, arguments, log: log)
        let status = child.waitForExit(milliseconds: 120_000)
        let output = try String(contentsOfFile: log, encoding: .utf8)
        try #require(status == 0, "seed \(Self.seed): \(output)")
        let reader = try StoreReader(directory: folder.path + "/data")
        let stored = try reader.alerts(isOpen: false).flatMap { try reader.history(ofAlert: $0.id) }
        try #require(stored.count > 8, "seed \(Self.seed): the day has alerts")

        let command = try RulesReplayCommand.parse(
            ["--from", "\(Self.start - Span.hour)", "--to", "\(Self.start + 2 * Span.day)", "--json"]
                + GardenService.catalog)
        let rendering = Rendering(
            language: .en, width: nil, paint: Paint(isOn: false), clock: LocalTime(zone: reader.zone),
            now: Self.start + 2 * Span.day)
        let text = try command.text(reader, rendering)
        let document = try #require(
            try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        let timeline = try #require(document["timeline"] as? [[String: Any]])
        let said = timeline.map {
            Moment(
                rule: $0["rule"] as? String ?? "", device: $0["device"] as? String ?? "",
                at: $0["at_ms"] as? Milliseconds ?? 0, state: $0["state"] as? String ?? "")
        }
        let heard = stored.map { Moment(rule: $0.rule, device: $0.device, at: $0.atMs, state: $0.toState) }
        #expect(Set(said) == Set(heard) && said.count == heard.count, "seed \(Self.seed)")
        // One rule alone, in words.
        let one = try RulesReplayCommand.parse(
            ["BedDry", "--from", "\(Self.start)", "--to", "\(Self.start + Span.day)", "--timeline"]
                + GardenService.catalog
        ).text(reader, rendering)
        #expect(one.contains("BedDry") && !one.contains("BedWet") && one.contains("unacked"))
        try explain(reader)
        let unknown = #expect(throws: UnknownName.self) {
            try RulesReplayCommand.parse(["BedDri"] + GardenService.catalog).text(reader, rendering)
        }
        #expect(unknown?.sentence.en == "rule BedDri: there is no such rule; did you mean `BedDry`?")
    }

    /// At the moment of a stored transition the explanation is of the same state.
    private func explain(_ reader: StoreReader) throws {
        let last = try #require(try reader.alerts(isOpen: false, limit: 1).first)
        let rendering = Rendering(
            language: .en, width: nil, paint: Paint(isOn: false), clock: LocalTime(zone: reader.zone),
            now: Self.start + 9 * Span.day)
        let byID = try AlertsExplainCommand.parse(["\(last.id)"] + GardenService.catalog).text(
            reader, rendering)
        #expect(byID.hasPrefix("\(last.rule)  \(last.device)  \(AlertState.spoken(last.state, .en))\n"))
        #expect(byID.contains("condition has ") && byID.contains("moisture") && !byID.contains("–"))
        let dry = try AlertsExplainCommand.parse(["BedDry", "bed-1"] + GardenService.catalog)
        var spoken = rendering
        spoken.language = .vi
        #expect(try dry.text(reader, spoken).contains("< 20, hết khi ≥ 25"))
        let silent = try AlertsExplainCommand.parse(
            ["GateOpen", "gate-1", "--lang", "vi"] + GardenService.catalog)
        let vietnamese = try silent.text(
            reader,
            Rendering(
                language: .vi, width: nil, paint: Paint(isOn: false), clock: LocalTime(zone: reader.zone),
                now: Self.start + Span.day))
        #expect(vietnamese.contains("chưa có số đo nào") && vietnamese.contains("luật đang tắt"))
        for (arguments, sentence) in [
            (["99999"], "alert 99999: there is no such alert, the newest is "),
            (["BedDri"], "rule BedDri: there is no such rule; did you mean `BedDry`?"),
            (["BedDri", "bed-1"], "rule BedDri: there is no such rule; did you mean `BedDry`?"),
            (["BedDry", "bed-l"], "rule BedDry: is not about bed-l; did you mean `bed-1`?"),
            (["BedDry", "gate-1"], "rule BedDry: is not about gate-1"),
            (
                ["BedDry"],
                "rule BedDry: on which device or group? For example `ioc alerts explain BedDry bed-1`"
            ),
        ] {
            let fault = #expect(throws: (any Error).self) {
                try AlertsExplainCommand.parse(arguments + GardenService.catalog).text(reader, rendering)
            }
            #expect((fault as? any OperatorFault)?.sentence.en.hasPrefix(sentence) == true, "\(arguments)")
        }
    }
}
