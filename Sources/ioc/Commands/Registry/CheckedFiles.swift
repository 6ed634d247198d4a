import Foundation

/// Files that are written together, and only if all files check with them.
struct CheckedFiles {
    /// By path.
    var texts: [(path: String, text: String)]

    /// - Parameter check: reads all files as the service would. What it throws, it throws after all is as it was.
    func write(check: () throws -> Void) throws {
        let before = texts.map { FileManager.default.contents(atPath: $0.path) }
        do {
            for (path, text) in texts {
                let url = URL(fileURLWithPath: path)
                try FileManager.default.createDirectory(
                    at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(text.utf8).write(to: url, options: .atomic)
            }
            try check()
        } catch {
            for ((path, _), content) in zip(texts, before) {
                let url = URL(fileURLWithPath: path)
                if let content {
                    try content.write(to: url, options: .atomic)
                } else {
                    try? FileManager.default.removeItem(at: url)
                }
            }
            throw error
        }
    }
}
