import CCurl

/// What goes to a server and what it answers, between libcurl's callbacks and us; on one thread only.
final class Exchange {
    private let bytes: [UInt8]
    private var sent = 0
    private var answers: [String] = []

    /// Lines of answers kept.
    private static let mostAnswers = 100

    private let isCancelled: () -> Bool

    /// - Parameter isCancelled: asked about once a second.
    init(_ bytes: [UInt8], isCancelled: @escaping () -> Bool) {
        self.bytes = bytes
        self.isCancelled = isCancelled
    }

    /// It must outlive the transfer.
    func attach(to handle: UnsafeMutableRawPointer) {
        let context = Unmanaged.passUnretained(self).toOpaque()
        _ = ccurl_set_callback(handle, CURLOPT_READFUNCTION) { buffer, size, count, context in
            guard let buffer, let context else { return 0 }
            return Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue().give(buffer, size * count)
        }
        _ = ccurl_set_pointer(handle, CURLOPT_READDATA, context)
        _ = ccurl_set_callback(handle, CURLOPT_HEADERFUNCTION) { buffer, size, count, context in
            if let buffer, let context {
                let line = UnsafeRawBufferPointer(start: buffer, count: size * count)
                Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue().hear(line)
            }
            return size * count
        }
        _ = ccurl_set_pointer(handle, CURLOPT_HEADERDATA, context)
        _ = ccurl_set_progress(handle) { context, _, _, _, _ in
            guard let context else { return 0 }
            return Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue().isCancelled() ? 1 : 0
        }
        _ = ccurl_set_pointer(handle, CURLOPT_XFERINFODATA, context)
    }

    private func give(_ buffer: UnsafeMutablePointer<CChar>, _ room: Int) -> Int {
        let count = min(room, bytes.count - sent)
        bytes[sent..<sent + count].withUnsafeBytes { piece in
            UnsafeMutableRawBufferPointer(start: buffer, count: count).copyMemory(from: piece)
        }
        sent += count
        return count
    }

    private func hear(_ line: UnsafeRawBufferPointer) {
        guard answers.count < Self.mostAnswers else { return }
        answers.append(String(decoding: line, as: UTF8.self).filter { !$0.isNewline })
    }

    /// The answer to the whole message: the last one of success before the farewell.
    var taken: String? { answers.last { $0.hasPrefix("250") } }

    /// What the server said to the first of so many addresses that it did not take, though it took the message.
    func refusal(ofOneOf addresses: Int) -> String? {
        guard let data = answers.lastIndex(where: { $0.hasPrefix("354") }) else { return nil }
        return answers[..<data].suffix(addresses).first(where: Self.isRefusal)
    }

    /// The last thing the server said, if it refused something.
    var refusal: String? { answers.last(where: Self.isRefusal) }

    private static func isRefusal(_ answer: String) -> Bool { answer.hasPrefix("4") || answer.hasPrefix("5") }
}
