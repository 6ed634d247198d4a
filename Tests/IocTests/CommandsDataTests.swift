import ArgumentParser
import Foundation
import Store
import Telemetry
import TestSupport
import Testing

@testable import ioc

@Suite("Commands that read the database")
struct CommandsDataTests {
    private let store: CommandsFilledStore

    init() throws { store = try CommandsFilledStore() }

    private func query(_ arguments: String..., language: Language = .en) throws -> (
        text: String, isTruncated: Bool
    ) {
        var bytes: [UInt8] = []
        let isTruncated = try QueryCommand.parse(arguments).answer(store.reader, store.rendering(language)) {
            bytes += $0
        }
        return (String(decoding: bytes, as: UTF8.self), isTruncated)
    }

    private func lines(_ text: String) -> [Substring] { text.split(separator: "\n") }

    private func json(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test("rollups are a table under the name of their series, empty columns left out")
    func rollupTable() throws {
        let (text, isTruncated) = try query("jr-001/averageVehicleSpeed")
        #expect(!isTruncated)
        let lines = lines(text)
        #expect(lines[0] == "jr-001/averageVehicleSpeed  km/h")
        #expect(
            lines[1].split(separator: " ") == [
                "start", "count", "min", "mean", "max", "sum", "first", "last",
            ])
        #expect(lines[2].hasPrefix("2026-01-05 00:00:00      4   20  20.375  20.75"))
        #expect(lines.count == 10)
    }

    @Test("a range is taken in the city's time, its end not included")
    func rollupRange() throws {
        let (text, _) = try query(
            "jr-001/averageVehicleSpeed", "--from", "2026-01-05T02:00", "--to", "2026-01-05T04:00",
            "--format", "csv")
        let lines = lines(text)
        #expect(lines.count == 3)
        #expect(lines[0].hasPrefix("series,unit,start_ms,start_local,count,min,max,mean"))
        #expect(
            lines[1]
                == "jr-001/averageVehicleSpeed,km/h,1767553200000,2026-01-05 02:00:00,4,22.0,22.75,22.375,89.5,22.0,22.75,,,,,0"
        )
    }

    @Test("a limit holds over all series and says that there is more")
    func limit() throws {
        let (text, isTruncated) = try query(
            "jr-001/averageVehicleSpeed", "jr-001/averageVehicleSpeed", "--limit", "9", "--format", "json")
        let answer = try json(text)
        #expect(isTruncated)
        #expect(answer["truncated"] as? Bool == true)
        #expect((answer["rollups"] as? [Any])?.count == 9)
        #expect(answer["tier"] as? String == "1h")
    }

    @Test("raw readings show their quality")
    func raw() throws {
        let (text, _) = try query(
            "jr-001/averageVehicleSpeed", "--tier", "raw", "--from", "-5m", language: .vi)
        let lines = lines(text)
        #expect(lines[1].hasPrefix("lúc "))
        #expect(lines[2] == "2026-01-05T07:59:03+07:00     23.5  tốt")
        #expect(lines[3] == "2026-01-05T08:00:03+07:00     24.5  sai")
    }

    @Test("an unknown series is answered with the closest three")
    func unknownSeries() throws {
        let error = #expect(throws: CommandError.self) { try query("jr-001/averageSpeed") }
        let sentence = try #require(error).description
        #expect(sentence.contains("there is no such series"))
        #expect(sentence.contains("the closest are jr-001/averageVehicleSpeed, jr-00"))
    }

    @Test("series show their newest value, and those without one a dash")
    func series() throws {
        let text = try SeriesCommand.parse(["--device", "jr-001"]).text(store.reader, store.rendering())
        let lines = lines(text)
        #expect(lines.count == 3)
        #expect(
            lines[1].hasPrefix(
                "jr-001/averageVehicleSpeed   25.5  km/h        2026-01-05 08:01:03   1m  good"))
        #expect(lines[2].contains("jr-001/intensity                –  {vehicles}  –"))
        let all = try json(try SeriesCommand.parse(["--json"]).text(store.reader, store.rendering()))
        #expect((all["series"] as? [Any])?.count == 6)
    }

    @Test("devices are told apart by how long they are quiet")
    func devices() throws {
        let text = try DevicesListCommand.parse([]).text(store.reader, store.rendering(.vi))
        #expect(text.contains("3 thiết bị: 1 đúng hạn · 1 im lặng · 1 chưa từng báo"))
        let never = try DevicesListCommand.parse(["--freshness", "never-reported", "--freshness", "silent"])
        let found = lines(try never.text(store.reader, store.rendering()))
        #expect(found[1].hasPrefix("jr-002  silent"))
        #expect(found[2].hasPrefix("jr-003  never reported  –"))
        let late = try DevicesListCommand.parse(["--freshness", "late"])
        let none = try late.text(store.reader, store.rendering())
        #expect(none == "No devices.\n")
    }

    @Test("refusals show the fault with a caret, and nothing of theirs reaches the terminal raw")
    func rejects() throws {
        let text = try RejectsCommand.parse([]).text(store.reader, store.rendering())
        let lines = lines(text)
        #expect(lines[0] == "not-a-number  ioc/v1/works/phu-hoi/jr-001/tele")
        #expect(lines[2] == #"  {"ts":1,"speed": "fast"}"#)
        #expect(lines[3] == "                    ^")
        #expect(lines[4] == "not-json  ioc/v1/works/\\x1b[2J")
        #expect(!text.unicodeScalars.contains { $0 != "\n" && Printable.isUnsafe($0) })
        let one = try json(
            try RejectsCommand.parse(["--limit", "1", "--json"]).text(store.reader, store.rendering()))
        #expect(one["truncated"] as? Bool == true)
    }

    @Test("alerts are listed as a control room sorts them, closed ones only if asked for")
    func alerts() throws {
        let open = try AlertsListCommand.parse([]).text(store.reader, store.rendering())
        #expect(
            lines(open).dropFirst().map { $0.split(separator: " ")[1] } == ["unacked", "returned", "acked"])
        let all = try AlertsListCommand.parse(["--all"]).text(store.reader, store.rendering(.vi))
        #expect(lines(all).count == 5)
        #expect(all.contains("chưa nhận    khẩn cấp    2026-01-05 07:52:03"))
        let high = try AlertsListCommand.parse(["--priority", "high", "--json"]).text(
            store.reader, store.rendering())
        #expect((try json(high)["alerts"] as? [Any])?.count == 1)
        #expect(throws: (any Error).self) { try AlertsListCommand.parse(["--priority", "urgent"]) }
    }

    @Test("on a narrow terminal no table is wider than it")
    func narrow() throws {
        for command in [
            try AlertsListCommand.parse(["--all"]) as any StoreCommand, try AlertsHistoryCommand.parse(["1"]),
            try AlertsHandoverCommand.parse([]), try NotificationsListCommand.parse([]),
        ] {
            for language in Language.allCases {
                let text = try command.text(store.reader, store.rendering(language, width: 80))
                let wide = lines(text).filter { DisplayWidth.of(String($0)) > 80 }
                #expect(wide.isEmpty, "\(wide)")
            }
        }
    }

    @Test("a domain or ward nobody knows is a mistake: an empty list would read as if all were well")
    func unknownPlace() throws {
        let rendering = store.rendering(.vi)
        for command in [
            try AlertsListCommand.parse(["--ward", "phu-hoj"]) as any StoreCommand,
            try AlertsListCommand.parse(["--stale", "--ward", "phu-hoj"]),
            try AlertsScoreboardCommand.parse(["--ward", "phu-hoj"]),
            try AlertsHandoverCommand.parse(["--ward", "phu-hoj"]),
            try DevicesListCommand.parse(["--freshness", "silent", "--ward", "phu-hoj"]),
            try SeriesCommand.parse(["--ward", "phu-hoj"]),
        ] {
            let error = #expect(throws: UnknownPlace.self) { try command.text(store.reader, rendering) }
            #expect(
                error?.sentence.vi
                    == "phường/xã phu-hoj: không có thiết bị hay cảnh báo nào; có phải `phu-hoi` không?")
        }
        let domain = try AlertsListCommand.parse(["--ward", "wroks"])
        let error = #expect(throws: UnknownPlace.self) { try domain.text(store.reader, rendering) }
        #expect(error?.sentence.en.hasSuffix("did you mean `works`?") == true)
        let known = try AlertsListCommand.parse(["--domain", "works", "--ward", "phu-hoi"])
        #expect(try known.text(store.reader, rendering).contains("jr-001"))
    }

    @Test("the history of an alert tells who did what, and an unknown one is an error")
    func history() throws {
        let text = try AlertsHistoryCommand.parse(["1"]).text(store.reader, store.rendering())
        let lines = lines(text)
        #expect(lines[0] == "#1 SpeedLow  jr-001  medium  acked")
        #expect(lines[3].hasPrefix("2026-01-05 07:32:03  normal   unacked  condition"))
        #expect(lines[4].hasSuffix("Lan       Lan đã rõ"))
        #expect(throws: UnknownAlert(id: "99", newest: 6)) {
            try AlertsHistoryCommand.parse(["99"]).text(store.reader, store.rendering())
        }
    }

    @Test("the scoreboard has every figure next to its limit, in both languages")
    func scoreboard() throws {
        let times = ["--from", "2026-01-05", "--to", "2026-01-06"]
        /// The day after, when all of it is over.
        func text(_ arguments: [String], _ language: Language = .en) throws -> String {
            var later = store.rendering(language)
            later.now = CommandsFilledStore.midnight + Span.day
            return try AlertsScoreboardCommand.parse(arguments).text(store.reader, later)
        }
        let english = try text(times)
        #expect(english.contains("new alerts, 0 floods  2026-01-05 00:00:00 – 2026-01-06 00:00:00"))
        #expect(lines(english).contains { $0.hasPrefix("most in 10 minutes") && $0.hasSuffix("yes") })
        #expect(lines(english).contains { $0.hasPrefix("share of critical priority") && $0.hasSuffix("no") })
        #expect(english.contains("SpeedLow"))
        let vietnamese = try text(times, .vi)
        #expect(vietnamese.contains("thời gian dồn dập") && vietnamese.contains("vượt"))
        let none = try text(["--from", "2025-01-05", "--to", "2025-01-06"])
        #expect(none.contains("0 new alerts") && none.contains("–"))
        let document = try json(text(times + ["--json", "--ward", "an-cuu"]))
        #expect(document["announced"] as? Int == 2)
    }

    @Test("a directory without a database says what to do")
    func noDatabase() throws {
        let error = #expect(throws: CommandError.self) {
            try DataOptions.parse(["--data-dir", "/nowhere"]).reader(.en)
        }
        #expect(try #require(error).description.contains("start `ioc run` once"))
    }

    @Test(
        "and says it in the operator's language, whatever the command",
        arguments: [
            ["series"], ["query", "jr-001/averageVehicleSpeed"], ["status"],
            ["devices", "adopt", "bed-99", "--ward", "an-cuu"] + GardenService.catalog,
        ])
    func noDatabaseInVietnamese(command: [String]) throws {
        let folder = try TemporaryDirectory()
        let log = folder.path + "/log"
        let process = try ChildProcess(
            GardenService.program, command + ["--data-dir", folder.path, "--lang", "vi"], log: log)
        let (status, output) = try GardenService.Command(process: process, log: log).end()
        #expect(status == 1)
        #expect(output.contains("/ioc.sqlite: không có cơ sở dữ liệu; chạy `ioc run` một lần"), "\(output)")
    }

    @Test("without the service the database tells losses, gaps and open alerts")
    func stored() throws {
        let status = try StoredStatus(store.reader, directory: store.directory.path)
        let text = StatusReport(store.rendering(width: 200)).text(status)
        #expect(text.contains("1 critical · 1 high · 1 medium"))
        #expect(
            text.contains(
                "mqtt-qos1  works        104     100         2          1        1       200     3    0"))
        #expect(text.contains("the broker dropped messages  12 messages"))
        #expect(
            try json(try JSONText.document(status))["open_alerts"] as? [String: Int] == [
                "critical": 1, "high": 1, "medium": 1,
            ])
    }
}
