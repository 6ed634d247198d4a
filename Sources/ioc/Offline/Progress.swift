import Foundation

/// A bar on the terminal's error stream; silent in a pipe.
final class Progress {
    private let label: String
    private let total: Int
    private let isShown = isatty(STDERR_FILENO) == 1
    private var shown = -1

    init(label: String, total: Int) {
        self.label = (label as NSString).lastPathComponent
        self.total = max(total, 1)
    }

    func show(_ done: Int) {
        let percent = done * 100 / total
        guard isShown, percent != shown else { return }
        shown = percent
        let filled = String(repeating: "█", count: percent * 30 / 100)
        let empty = String(repeating: "░", count: 30 - percent * 30 / 100)
        FileHandle.standardError.write(Data("\r\(label) \(filled)\(empty) \(percent) %".utf8))
    }

    func finish() {
        if isShown, shown >= 0 { FileHandle.standardError.write(Data("\n".utf8)) }
    }
}
