import Foundation
import Store
import Telemetry

/// What is in a payload by its format's own names, for an integrator who has no profile yet.
enum PayloadListing {
    static func lines(_ payload: [UInt8], format: Wire.Form, now: Milliseconds) -> Result<[String], Rejection>
    {
        switch format {
        case .json: JSONLeaves.list(payload).map { $0.map { line($0.pointer, $0.value) } }
        case .senml: SenMLListing.list(payload, .json, now: now).map { $0.map(line) }
        case .senmlCBOR: SenMLListing.list(payload, .cbor, now: now).map { $0.map(line) }
        case .scalar: ScalarListing.list(payload).map { [line("", $0)] }
        case .csv: csv(payload)
        case .lineProtocol: LineProtocolListing.list(payload, now: now).map(lines)
        case .ultraLight: UltraLightListing.list(payload, now: now).map(lines)
        case .cayenneLPP: CayenneLPPListing.list(payload, now: now).map(lines)
        case .sparkplug: SparkplugListing.list(payload, now: now).map(lines)
        }
    }

    private static func lines(_ listing: ValueListing) -> [String] {
        listing.values.map(line) + (listing.partial.map { [partial($0)] } ?? [])
    }

    /// The part of a payload that cannot be read while others can.
    static func partial(_ rejection: Rejection) -> String {
        "{\"partial\":\"\(rejection.reason.rawValue)\",\"offset\":\(rejection.offset)}"
    }

    static func rejected(_ rejection: Rejection) -> String {
        "{\"rejected\":\"\(rejection.reason.rawValue)\",\"offset\":\(rejection.offset)}"
    }

    private static func line(_ value: ListedValue) -> String {
        var members = ["\"name\":\(quoted(value.name))"]
        if !value.tags.isEmpty {
            let tags = value.tags.map { "\(quoted($0.key)):\(quoted($0.text))" }
            members.append("\"tags\":{\(tags.joined(separator: ","))}")
        }
        members.append("\"time_ms\":\(value.time)")
        members.append("\"value\":\(text(value.value))")
        if let unit = value.unit { members.append("\"unit\":\(quoted(unit))") }
        return "{\(members.joined(separator: ","))}"
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
        if let sum = record.sum { members.append("\"sum\":\(text(.number(sum)))") }
        if let seconds = record.updateTime { members.append("\"update_s\":\(text(.number(seconds)))") }
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

    static func quoted(_ text: String) -> String {
        (try? AnswerCoding.encoder.encode(text)).map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
    }
}
