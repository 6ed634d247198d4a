import FuzzGround
import Telemetry

/// libFuzzer calls it from one thread.
nonisolated(unsafe) private let judge = Judge(profiles)

@_cdecl("LLVMFuzzerTestOneInput")
func fuzzCSV(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let example = judge.judge(UnsafeRawBufferPointer(start: start, count: count))
    let payload = Array(example.payload)
    guard payload.count <= example.limits.payloadBytes else { return 0 }
    let table = PlainCSV.rows(payload, delimiter: example.profile.wire.dialect.delimiter)
    checkListing(payload, example.profile.wire.dialect, table)
    guard example.verdict.rejection == nil else { return 0 }
    hold(table != nil, "what is no table is refused")
    let expected = Expectation(example.profile).values(of: table ?? [])
    let found = example.verdict.readings.map { [$0.value.bitPattern, $0.weight.bitPattern] }
    hold(found == expected, "cells by their headers are \(expected), not \(found)")
    return 0
}

private func checkListing(_ payload: [UInt8], _ dialect: CSVDialect, _ table: [[[UInt8]]]?) {
    switch CSVListing.list(payload, dialect: dialect) {
    case .success(let rows):
        hold(rows.count + 1 == table?.count, "\(rows.count) rows are listed of \(String(describing: table))")
    case .failure(let fault):
        hold((0...payload.count).contains(fault.offset), "\(fault) lies in the payload")
        hold(table == nil, "what is a table is listed: \(fault)")
    }
}

/// The numbers a table stands for, said a second time and plainly.
private struct Expectation {
    private let profile: SpokenProfile

    init(_ profile: SpokenProfile) { self.profile = profile }

    /// Bits of value and weight of each reading.
    func values(of table: [[[UInt8]]]) -> [[UInt64]] {
        let header = table[0]
        return table.dropFirst().flatMap { row in
            zip(profile.wire.fields, profile.measurements).compactMap { field, measurement -> [UInt64]? in
                func cell(_ name: String?) -> Double? {
                    let column = header.firstIndex { $0.elementsEqual((name ?? "").utf8) }
                    return number(column.map { row[$0] } ?? [], field)
                }
                if measurement.kind == .ratio {
                    guard let above = cell(field.numerator), let below = cell(field.denominator), below > 0
                    else { return nil }
                    return [above.bitPattern, below.bitPattern]
                }
                return cell(field.field).map {
                    [($0 * field.scale + field.offset).bitPattern, 1.0.bitPattern]
                }
            }
        }
    }

    private func number(_ cell: [UInt8], _ field: Wire.Field) -> Double? {
        if cell.isEmpty { return field.fallback }
        if let word = field.words.first(where: { $0.word.utf8.elementsEqual(cell) }) { return word.value }
        let decimal = profile.wire.dialect.decimal
        return PlainNumber.value(cell.map { $0 == decimal ? UInt8(ascii: ".") : $0 })
    }
}
