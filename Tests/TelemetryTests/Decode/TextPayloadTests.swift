import Testing

@testable import Telemetry

@Suite("Scalar and CSV payloads")
struct TextPayloadTests {
    private let zone = ZoneOffsets(name: "Asia/Ho_Chi_Minh", fixedOffset: 7 * Span.hour)

    @Test("a scalar is a number, a boolean or a word, with or without quotes and space around it")
    func scalar() {
        let number = DecodeBench(.scalar).measuring("a", valid: 0...100) { $0.scale = 2 }
        #expect(number.decode("12.5").readings == ["a 25.0"])
        #expect(number.decode(" \"12.5\"\r\n\u{0}").readings == ["a 25.0"])
        #expect(number.decode("true").readings == ["a 2.0"])
        #expect(number.decode("99").readings == ["a 198.0 bad"])
        #expect(number.decode("warm").rejection == .notANumber)
        #expect(number.decode("12 °C").rejection == .notANumber)
        for empty in ["", "  ", "\"\"", "\n"] { #expect(number.decode(empty).rejection == .noReadings) }
        let word = DecodeBench(.scalar).measuring("a", kind: .state) {
            $0.words = [("off", 0), ("on", 1), ("5", 5)]
        }
        #expect(word.decode("on").readings == ["a 1.0"])
        #expect(word.decode("5").readings == ["a 5.0"])
        #expect(word.decode("On").rejection == .notInEnum)
    }

    @Test(
        "a bare value is listed as profiles read it: what is no number of JSON is a word",
        arguments: [
            ("12.5", "number(12.5)"), ("\u{FEFF} 12.5\n\u{0}\u{0}", "number(12.5)"), ("\"7\"", "number(7.0)"),
            ("true", "boolean(true)"), ("NaN", "text(\"NaN\")"), ("1e400", "text(\"1e400\")"),
            ("0x10", "text(\"0x10\")"), ("+5", "text(\"+5\")"),
        ])
    func listed(_ payload: String, _ value: String) throws {
        #expect("\(try ScalarListing.list(Array(payload.utf8)).get())" == value)
    }

    @Test("nothing listed is a refusal", arguments: ["", " \n", "\u{FEFF}", "\u{0}"])
    func nothingListed(_ payload: String) {
        #expect(throws: Rejection.self) { try ScalarListing.list(Array(payload.utf8)).get() }
        if payload.isEmpty {
            #expect(throws: Rejection.self) { try CSVListing.list([]).get() }
        }
    }

    @Test("a scalar is the field its topic names, and the others are not there")
    func namedField() {
        let bench = DecodeBench(.scalar).measuring("a", "temp").measuring("b", "hum") { $0.scale = 0.01 }
            .measuring("c", "temp") { $0.offset = 273.15 }
        #expect(bench.decode(Array("20".utf8), field: 0).readings == ["a 20.0", "c 293.15"])
        #expect(bench.decode(Array("50".utf8), field: 1).readings == ["b 0.5"])
    }

    private var sheet: DecodeBench {
        DecodeBench(.csv).with {
            $0.wire.timeField = "time"
            $0.wire.timeFormat = .local(.standard, zone)
        }.measuring("a", "a").measuring("b", "b") { $0.fallback = 0 }
    }

    @Test("each row is a record, found by the header in any order of columns")
    func csv() {
        let outcome = sheet.decode("b,other,time,a\n1,x,2026-01-05 08:00:00,2\n,y,2026-01-05 08:01:00,4\n")
        #expect(outcome.readings == ["a 2.0", "b 1.0", "a 4.0", "b 0.0"])
        #expect(outcome.times.first == 1_767_574_800_000)
    }

    @Test("a byte order mark, CRLF, empty lines, quotes and no last line end are all the same table")
    func spellings() {
        let expected = ["a 2.0", "b 3.0"]
        #expect(sheet.decode("\u{FEFF}time,a,b\r\n2026-01-05 08:00:00,2,3\r\n").readings == expected)
        #expect(sheet.decode("\"time\",\"a\",b\n\n\"2026-01-05 08:00:00\",\"2\",3").readings == expected)
        #expect(sheet.decode("time,a,b,\"no, te\"\n2026-01-05 08:00:00,2,3,\"x\ny\"\n").readings == expected)
        #expect(
            sheet.decode("time,a,b,\"no\"\"te\"\n2026-01-05 08:00:00,2,3,\"\"\"x\"\", y\"\n").readings
                == expected)
    }

    @Test("a doubled quote inside a quoted cell is listed as one")
    func listedQuotes() throws {
        let rows = try CSVListing.list(Array("\"a \"\"b\"\"\"\n\"\"\"\"\n\"\"\n".utf8)).get()
        #expect(rows.map { row in row.map { $0.column } } == [["a \"b\""], ["a \"b\""]])
        #expect(rows.map { row in row.map { $0.text } } == [["\""], [""]])
    }

    @Test("a decimal comma needs another delimiter, and refuses points")
    func decimalComma() {
        let comma = DecodeBench(.csv).with {
            $0.wire.dialect = CSVDialect(delimiter: UInt8(ascii: ";"), decimal: UInt8(ascii: ","))
        }.measuring("a", "a")
        #expect(comma.decode("a;b\n1,5;2\n").readings == ["a 1.5"])
        #expect(comma.decode("a;b\n1.500;2\n").rejection == .notANumber)
    }

    @Test(
        "a table that is none is refused",
        arguments: [
            "", "x,y\n1,2\n", "time,a\n2026-01-05 08:00:00\n", "time,a\n2026-01-05 08:00:00,1,2\n",
            "time,a\n\"2026-01-05 08:00:00,1\n", "time,a\n\"2026-01-05 08:00:00\"x,1\n",
            "time,a\n2026-01-05 08:00:00,\"1\"\"\n", "time,a\r2026-01-05 08:00:00,1\r",
        ])
    func notCSV(_ text: String) {
        #expect(sheet.decode(text).rejection == .notCSV)
    }

    @Test("a column that stands twice is refused at the second if the profile reads it")
    func columnTwice() {
        let outcome = sheet.decode("time,a,x,x,a\n2026-01-05 08:00:00,1,2,3,4\n")
        #expect(outcome.rejection == .duplicateKey)
        #expect(outcome.offset == 11)
        #expect(sheet.decode("time,a,x,x\n2026-01-05 08:00:00,1,2,3\n").readings == ["a 1.0", "b 0.0"])
    }

    @Test("cells that cannot be read are refused for what they are")
    func cells() {
        #expect(sheet.decode("time,a\n2026-01-05 08:00:00,two\n").rejection == .notANumber)
        #expect(sheet.decode("time,a\n2026-01-05 08:00:00,\"2\"\"\"\n").rejection == .notANumber)
        #expect(sheet.decode("time,a\n5 January,2\n").rejection == .notATime)
        #expect(sheet.decode("time,a\n,2\n").rejection == .missingTime)
        #expect(sheet.decode("a\n2\n").rejection == .missingTime)
        #expect(sheet.decode("time,a\n").rejection == .noReadings)
    }

    @Test("words of an enum may stand in a cell")
    func words() {
        let bench = DecodeBench(.csv).measuring("a", "a", kind: .state) { $0.words = [("mở", 1), ("0", 0)] }
        #expect(bench.decode("a\nmở\n0\n").readings == ["a 1.0", "a 0.0"])
        #expect(bench.decode("a\nhé\n").rejection == .notInEnum)
    }
}
