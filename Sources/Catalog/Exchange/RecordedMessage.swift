/// A retained message of another system's registry, as `mosquitto_sub -F %j` or a recorder writes it.
struct RecordedMessage {
    var topic: String
    /// nil if it is empty, which takes back what was said before.
    var payload: JSONValue?

    /// One a line: `{"topic": …, "payload": …}`, the payload as JSON or as text that holds JSON.
    /// - Returns: nil, with a fault at its line, if one is no such object.
    static func list(_ text: String, _ file: SourceFile) -> [RecordedMessage]? {
        var messages: [RecordedMessage] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            guard line.contains(where: { !$0.isWhitespace }) else { continue }
            guard let envelope = JSONValue(line), let topic = envelope["topic"]?.text else {
                file.fault(
                    line: index + 1, column: 1,
                    "expected {\"topic\":…,\"payload\":…}, as `mosquitto_sub -F %j` writes it")
                return nil
            }
            switch envelope.members["payload"] {
            case .text(let text)?:
                let payload = JSONValue(text)
                messages.append(
                    RecordedMessage(topic: topic, payload: payload ?? (text.isEmpty ? nil : .text(text))))
            case .null?, nil: messages.append(RecordedMessage(topic: topic, payload: nil))
            case let payload?: messages.append(RecordedMessage(topic: topic, payload: payload))
            }
        }
        return messages
    }
}
