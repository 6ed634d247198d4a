/// Takes a stream of server-sent events apart (WHATWG HTML, section 9.2.6), however its bytes are cut.
struct SSEParser: Sendable {
    struct Message: Sendable, Equatable {
        /// `message` unless the stream named it.
        var event: String
        var data: String
        /// The last id of the stream up to here, empty if it gave none.
        var id: String
    }

    /// What to come back with: `Last-Event-ID`.
    private(set) var lastEventID: String
    /// Milliseconds the stream wants a client to wait before it comes back; nil if it did not say.
    private(set) var retry: Int?

    private var line: [UInt8] = []
    private var isAfterReturn = false
    private var isFirstLine = true
    private var event = ""
    private var data = ""
    private var id: String

    init(lastEventID: String = "") {
        self.lastEventID = lastEventID
        id = lastEventID
    }

    /// - Returns: the messages that are complete now. What has no blank line behind it yet waits for the rest.
    mutating func feed(_ bytes: some Sequence<UInt8>) -> [Message] {
        var messages: [Message] = []
        for byte in bytes {
            defer { isAfterReturn = byte == UInt8(ascii: "\r") }
            switch byte {
            case UInt8(ascii: "\n") where isAfterReturn: break
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                if let message = endLine() { messages.append(message) }
            default: line.append(byte)
            }
        }
        return messages
    }

    private mutating func endLine() -> Message? {
        if isFirstLine, line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
        isFirstLine = false
        defer { line.removeAll(keepingCapacity: true) }
        guard !line.isEmpty else { return dispatch() }
        guard line[0] != UInt8(ascii: ":") else { return nil }
        let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
        var value = line[colon...].dropFirst()
        if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
        take(String(decoding: line[..<colon], as: UTF8.self), String(decoding: value, as: UTF8.self))
        return nil
    }

    private mutating func take(_ field: String, _ value: String) {
        switch field {
        case "event": event = value
        case "data": data += value + "\n"
        case "id": if !value.utf8.contains(0) { id = value }
        case "retry":
            if !value.isEmpty, value.utf8.allSatisfy({ (48...57).contains($0) }) {
                retry = Int(value) ?? retry
            }
        default: break
        }
    }

    private mutating func dispatch() -> Message? {
        defer {
            event = ""
            data = ""
        }
        lastEventID = id
        guard !data.isEmpty else { return nil }
        return Message(event: event.isEmpty ? "message" : event, data: String(data.dropLast()), id: id)
    }
}
