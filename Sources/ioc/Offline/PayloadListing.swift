import Foundation
import Store
import Telemetry

/// What is in a payload by its format's own names, for an integrator who has no profile yet.
enum PayloadListing {
    static func lines(_ payload: [UInt8], format: Wire.Form, now: Milliseconds) -> Result<[String], Rejection>
    {
        switch format {
        case .json: JSONLeaves.list(payload).map { $0.map { line($0.pointer, $0.value) } }
        case .senml: SenMLListing.list(payload, now: now).map { $0.map(line) }
        case .scalar: scalar(payload)
        case .csv: csv(payload)
        }
    }

    private static func scalar(_ payload: [UInt8]) -> Result<[String], Rejection> {
        let text = String(decoding: payload, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        guard !text.isEmpty else { return .failure(Rejection(.noReadings)) }
        return .success([line("", Double(text).map { .number($0) } ?? .text(text))])
    }

    private static func csv(_ payload: [UInt8]) -> Result<[String], Rejection> {
        CSVListing.list(payload).map { rows in
            rows.map { row in
                let members = row.map { "\(quoted($0.column)):\(quoted($0.text))" }
                return "{\(members.joined(separator: ","))}"
            }
        }
    }

    private static func line(_ name: String, _ value: JSONLeaves.Value) -> String {
        "{\"name\":\(quoted(name)),\"value\":\(text(value))}"
    }

    private static func line(_ record: SenMLListing.Record) -> String {
        var members = ["\"name\":\(quoted(record.name))", "\"time_ms\":\(record.time)"]
        if let value = record.value { members.append("\"value\":\(text(value))") }
        if let unit = record.unit { members.append("\"unit\":\(quoted(unit))") }
        return "{\(members.joined(separator: ","))}"
    }

    private static func text(_ value: JSONLeaves.Value) -> String {
        switch value {
        case .number(let number): Int64(exactly: number).map { "\($0)" } ?? "\(number)"
        case .text(let text): quoted(text)
        case .boolean(let isTrue): isTrue ? "true" : "false"
        case .null: "null"
        }
    }

    private static func quoted(_ text: String) -> String {
        (try? AnswerCoding.encoder.encode(text)).map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
    }
}
