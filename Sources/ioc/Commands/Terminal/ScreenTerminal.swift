import Foundation

/// The terminal as a screen: alternate buffer, no cursor, keys as they are pressed; as it was before when left.
final class ScreenTerminal {
    private var saved: termios?
    private var sources: [any DispatchSourceProtocol] = []

    /// Alternate buffer, no cursor, no wrapping of long lines; and back.
    static let enter = "\u{1B}[?1049h\u{1B}[?25l\u{1B}[?7l\u{1B}[2J"
    static let leave = "\u{1B}[?7h\u{1B}[?25h\u{1B}[?1049l"
    private static let endings = [SIGINT, SIGTERM, SIGHUP]

    enum Input: Sendable {
        case keys([Key])
        case resized
        /// A signal asks the program to end.
        case ended
    }

    init(_ tell: @escaping @Sendable (Input) -> Void) {
        StandardOutput.write(Self.enter)
        if isatty(STDIN_FILENO) == 1 { listen(tell) }
        for number in Self.endings { watch(number) { tell(.ended) } }
        watch(SIGWINCH) { tell(.resized) }
    }

    /// Redraws every line in place, as many as there are: no flicker, because nothing is erased before it is written.
    func draw(_ lines: [String]) { StandardOutput.write("\u{1B}[H" + lines.joined(separator: "\r\n")) }

    func ring() { StandardOutput.write("\u{07}") }

    func close() {
        for source in sources { source.cancel() }
        sources = []
        for number in Self.endings + [SIGWINCH] { signal(number, SIG_DFL) }
        StandardOutput.write(Self.leave)
        if var saved { tcsetattr(STDIN_FILENO, TCSAFLUSH, &saved) }
        saved = nil
    }

    private func listen(_ tell: @escaping @Sendable (Input) -> Void) {
        var mode = termios()
        guard tcgetattr(STDIN_FILENO, &mode) == 0 else { return }
        saved = mode
        // Keys at once, unseen; Ctrl-C comes as a key, Ctrl-Z would leave the screen in disorder.
        mode.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG | IEXTEN)
        mode.c_iflag &= ~tcflag_t(IXON)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &mode)
        let source = DispatchSource.makeReadSource(fileDescriptor: STDIN_FILENO, queue: .global())
        source.setEventHandler {
            var bytes = [UInt8](repeating: 0, count: 256)
            let count = read(STDIN_FILENO, &bytes, bytes.count)
            if count > 0 {
                tell(.keys(Key.parse(Array(bytes[..<count]))))
            } else if count == 0 || errno != EINTR {
                // The terminal is gone.
                tell(.ended)
            }
        }
        source.resume()
        sources.append(source)
    }

    private func watch(_ number: Int32, _ action: @escaping @Sendable () -> Void) {
        signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
        source.setEventHandler(handler: action)
        source.resume()
        sources.append(source)
    }
}
