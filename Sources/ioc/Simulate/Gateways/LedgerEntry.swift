import Telemetry

/// One line of the ledger while its message is on the way. It is written down whole when it is made, so that an
/// acknowledgement only adds its time.
struct LedgerEntry: Sendable {
    private var line: [UInt8] = []
    private var hasReadings = false

    init(
        topic: String, payload: [UInt8], device: String, sequence: Int64?, time: Milliseconds,
        isStampedOnArrival: Bool
    ) {
        line.reserveCapacity(2 * payload.count + 512)
        line.append(text: "{\"topic\":")
        line.append(quoted: topic.utf8)
        // Broken messages may be no text at all.
        if String(validating: payload, as: UTF8.self) != nil {
            line.append(text: ",\"payload\":")
            line.append(quoted: payload)
        } else {
            line.append(text: ",\"payload_base64\":")
            line.append(quoted: Base64.encode(payload))
        }
        line.append(text: ",\"device\":")
        line.append(quoted: device.utf8)
        line.append(text: ",\"sequence\":")
        append(sequence)
        line.append(text: ",\"time_ms\":")
        line.append(decimal: time)
        if isStampedOnArrival { line.append(text: ",\"stamped_on_arrival\":true") }
        line.append(text: ",\"readings\":[")
    }

    mutating func addReading(_ measurement: String, value: Double, weight: Double, time: Milliseconds) {
        if hasReadings { line.append(UInt8(ascii: ",")) }
        hasReadings = true
        line.append(text: "{\"measurement\":")
        line.append(quoted: measurement.utf8)
        line.append(text: ",\"value\":")
        line.append(contentsOf: value.description.utf8)
        line.append(text: ",\"weight\":")
        line.append(contentsOf: weight.description.utf8)
        line.append(text: ",\"time_ms\":")
        line.append(decimal: time)
        line.append(UInt8(ascii: "}"))
    }

    /// The whole line.
    /// - Parameter acknowledged: nil at QoS 0, where nobody says.
    func finished(_ kind: MessageKind, acknowledged: Milliseconds?) -> [UInt8] {
        var whole = self
        whole.line.append(text: "],\"kind\":")
        whole.line.append(quoted: kind.rawValue.utf8)
        whole.line.append(text: ",\"acked_ms\":")
        whole.append(acknowledged)
        whole.line.append(text: "}\n")
        return whole.line
    }

    private mutating func append(_ number: Int64?) {
        if let number { line.append(decimal: number) } else { line.append(text: "null") }
    }
}
