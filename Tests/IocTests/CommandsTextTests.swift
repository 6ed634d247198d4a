import ArgumentParser
import Telemetry
import Testing

@testable import ioc

@Suite("Text on a terminal")
struct CommandsTextTests {
    @Test("Vietnamese takes a column a letter, composed or not")
    func vietnamese() {
        let composed = "Phường Thủy Xuân"
        let decomposed = "Phu\u{31B}\u{6F}\u{31B}\u{300}ng"
        #expect(DisplayWidth.of(composed) == 16)
        #expect(DisplayWidth.of(decomposed) == 6)
        #expect(DisplayWidth.of("e\u{302}\u{301}") == 1)
    }

    @Test("wide letters and pictures take two columns, marks and joiners none")
    func wide() {
        #expect(DisplayWidth.of("順化") == 4)
        #expect(DisplayWidth.of("한국") == 4)
        #expect(DisplayWidth.of("🚦") == 2)
        #expect(DisplayWidth.of("👨‍👩‍👧") == 2)
        #expect(DisplayWidth.of("🇻🇳") == 2)
        #expect(DisplayWidth.of("\u{200B}\u{FEFF}") == 0)
        #expect(DisplayWidth.of("│▶…–") == 4)
    }

    @Test("a value that JSON has no number for does not cost a command its answer")
    func infinite() throws {
        #expect(try JSONText.document(["value": Double.infinity]) == "{\"value\":\"Infinity\"}\n")
    }

    @Test("a cut text fills its columns and keeps marks with their letters")
    func truncate() {
        #expect(DisplayWidth.truncate("Trường Tiền", to: 11) == "Trường Tiền")
        #expect(DisplayWidth.truncate("Trường Tiền", to: 7) == "Trường…")
        #expect(DisplayWidth.truncate("a\u{301}b\u{301}c\u{301}", to: 2) == "a\u{301}…")
        #expect(DisplayWidth.truncate("順化城", to: 4) == "順…")
        #expect(DisplayWidth.truncate("abc", to: 0) == "")
    }

    @Test("text from outside cannot steer the terminal")
    func harmless() {
        #expect(Printable.line("a\u{1B}[2J\n\u{9B}b\u{202E}") == "a\\x1b[2J\\n\\x9bb\\u{202e}")
        #expect(StyledLine("\u{7}").text == "\\x07")
        #expect(Table.Cell("x\u{0}y").text == "x\\x00y")
    }

    @Test("columns are as wide as their widest cell, numbers to the right")
    func table() {
        var table = Table(columns: [.init(title: "tên"), .init(title: "n", alignment: .right)])
        table.add(.init("Cầu"), .init("7"))
        table.add(.init("Trường Tiền"), .init("12"))
        #expect(
            table.lines(width: nil).map(\.text) == ["tên           n", "Cầu           7", "Trường Tiền  12"])
    }

    @Test("where the line is too narrow only flexible columns give way, the widest first")
    func narrowTable() {
        var table = Table(columns: [
            .init(title: "id"), .init(title: "ward", isFlexible: true),
            .init(title: "summary", isFlexible: true),
        ])
        table.add(.init("1234567890"), .init("Phú Hội"), .init("chậm hơn bình thường rất nhiều"))
        let lines = table.lines(width: 40)
        #expect(lines.map(\.width).max() == 40)
        #expect(lines[1].text == "1234567890  Phú Hội  chậm hơn bình thườ…")
        #expect(table.lines(width: 5)[1].fitted(to: 5).text == "1234…")
    }

    @Test("a painted line is the same line without its colours")
    func paint() {
        var line = StyledLine("a", .red)
        line.append("b")
        #expect(line.painted(Paint(isOn: true)) == "\u{1B}[31ma\u{1B}[0mb")
        #expect(line.painted(Paint(isOn: false)) == "ab")
        #expect(line.redrawn(Paint(isOn: false), width: 3) == "ab\u{1B}[K")
        #expect(line.redrawn(Paint(isOn: false), width: 2) == "ab")
    }

    @Test(
        "a command line that is not understood is answered in the language it asks for",
        arguments: [
            (["alerts", "shelve", "--lang", "en", "1"], Language.en), (["--lang=en"], .en),
            (["--lang", "fr"], .vi), (["--lang"], .vi), (["--lang", "en", "--lang=vi"], .vi), ([], .vi),
        ])
    func asked(_ arguments: [String], _ expected: Language) {
        #expect(Language.asked(arguments, environment: ["LANG": "C"]) == expected)
        #expect(Language.asked([], environment: ["LANG": "en_US"]) == .en)
    }

    @Test(
        "the language is Vietnamese unless the environment says English",
        arguments: [
            ([:], Language.vi), (["LANG": "en_US.UTF-8"], .en), (["LANG": "C"], .vi),
            (["LANG": "vi_VN"], .vi),
            (["LANG": "en_US", "LC_ALL": "vi_VN"], .vi), (["LANG": "vi_VN", "LC_ALL": "en_GB"], .en),
            (["LANG": "en", "LC_ALL": ""], .en),
        ] as [([String: String], Language)])
    func language(environment: [String: String], wanted: Language) {
        #expect(Language.of(environment: environment) == wanted)
    }

    @Test("a usage that a command finds wrong while it works ends with 64")
    func usage() {
        let fault = UsageFault.of(vi: "--from 3x: không phải một thời điểm", en: "--from 3x: not a time")
        #expect(Failure.exit(fault) as? ExitCode == ExitCode.validationFailure)
        #expect(ExitCode.validationFailure.rawValue == 64)
    }

    @Test(
        "figures of rules are Vietnamese for who reads Vietnamese, with their level, and as written for others"
    )
    func figures() {
        #expect(SpokenFigure.of("rises_to 5", .vi) == "giờ đến khi tăng tới 5")
        #expect(SpokenFigure.of("rises_to 5", .en) == "rises_to 5")
        #expect(SpokenFigure.of("averageVehicleSpeed", .vi) == "averageVehicleSpeed")
        for statistic in Statistic.allCases {
            #expect(SpokenFigure.of(statistic.rawValue, .vi) != statistic.rawValue)
        }
    }

    @Test(
        "ages are short",
        arguments: [(0, "0s"), (59_999, "59s"), (60_000, "1m"), (11_100_000, "3h05"), (187_200_000, "2d04h")])
    func ages(length: Int64, wanted: String) { #expect(LocalTime.age(length) == wanted) }

    @Test("the caret stands under the fault, escapes counted")
    func peek() {
        let peek = PayloadPeek(#"{"ts":1,"speed":"fast"}"#, fault: 16, width: 80)
        #expect(peek.lines == [#"{"ts":1,"speed":"fast"}"#, "                ^"])
        let escaped = PayloadPeek("a\tố!b", fault: 5, width: 80)
        #expect(escaped.lines[0] == #"a\tố!b"#)
        #expect(escaped.lines[1] == "    ^")
        #expect(escaped.lines[2] == "@0: 61 09 e1 bb 91 21 62")
    }

    @Test("of a long payload the place of the fault is shown, and a fault behind the end is at the end")
    func longPeek() {
        let payload = String(repeating: "x", count: 200) + "!" + String(repeating: "y", count: 200)
        let lines = PayloadPeek(payload, fault: 200, width: 40).lines
        #expect(lines[0].hasPrefix("…") && lines[0].hasSuffix("…") && lines[0].count == 40)
        #expect(
            lines[0].firstIndex(of: "!").map { lines[0].distance(from: lines[0].startIndex, to: $0) }
                == lines[1].count - 1)
        #expect(PayloadPeek("{", fault: 1, width: 40).lines == ["{", " ^"])
        #expect(PayloadPeek("", fault: 0, width: 40).lines == ["∅"])
    }

    @Test("where bytes were no text no caret pretends to know the place")
    func binaryPeek() {
        #expect(PayloadPeek("\u{FFFD}ab", fault: 2, width: 40).lines == ["\u{FFFD}ab", "@0: ef bf bd 61 62"])
    }
}
