import Foundation
import Telemetry
import TestSupport
import Testing

/// What `docs/units.md` shows of the table.
enum UnitPage {
    static var table: String {
        var lines = [
            "| quantity | unit | SenML | common code | to the first unit of the quantity |",
            "|---|---|---|---|---|",
        ]
        var quantity = ""
        var bases: [String: Telemetry.Unit] = [:]
        for row in UnitTable.rows {
            let base = bases[row.quantity] ?? row
            bases[row.quantity] = base
            let cells = [
                row.quantity == quantity ? "" : row.quantity, marked([row.code]), marked(row.senmlSymbols),
                marked(row.commonCodes), factor(row, base),
            ]
            lines.append("|" + cells.map { $0.isEmpty ? " |" : " \($0) |" }.joined())
            quantity = row.quantity
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func marked(_ texts: [String]) -> String {
        texts.map { "`\($0)`" }.joined(separator: " ")
    }

    private static func factor(_ row: Telemetry.Unit, _ base: Telemetry.Unit) -> String {
        guard row != base, let (scale, offset) = row.conversion(to: base) else { return "" }
        let sum = offset == 0 ? "" : offset < 0 ? " − \(number(-offset))" : " + \(number(offset))"
        return "× \(number(scale))\(sum)"
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : "\(value)"
    }
}

@Suite("The page of units")
struct UnitPageTests {
    @Test("docs/units.md lists every row of the table, and nothing else")
    func table() throws {
        let page = try String(contentsOfFile: Repository.root + "/docs/units.md", encoding: .utf8)
        let start = try #require(page.range(of: "| quantity |")).lowerBound
        #expect(String(page[start...]) == UnitPage.table)
    }

    @Test("the page of profiles leads there")
    func link() throws {
        let page = try String(contentsOfFile: Repository.root + "/docs/device-profiles.md", encoding: .utf8)
        #expect(page.contains("(units.md)"))
    }
}
