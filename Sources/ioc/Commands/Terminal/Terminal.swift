import Foundation

/// What standard output is.
struct Terminal: Sendable {
    let isTerminal: Bool
    let hasColour: Bool

    static func standardOutput() -> Terminal {
        let environment = ProcessInfo.processInfo.environment
        let isTerminal = isatty(STDOUT_FILENO) == 1
        return Terminal(
            isTerminal: isTerminal,
            hasColour: isTerminal && environment["NO_COLOR"] == nil && environment["TERM"] != "dumb")
    }

    /// Whether a screen can be drawn on it.
    var canBePositioned: Bool { isTerminal && ProcessInfo.processInfo.environment["TERM"] != "dumb" }

    var paint: Paint { Paint(isOn: hasColour) }

    /// Columns and rows now; nil in a pipe.
    var size: (columns: Int, rows: Int)? {
        var size = winsize()
        guard isTerminal, ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0
        else {
            return isTerminal ? (80, 24) : nil
        }
        return (Int(size.ws_col), Int(size.ws_row))
    }
}
