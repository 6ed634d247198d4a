import Foundation

/// A file of the repository as its lines.
struct SourceFile {
    /// Relative to the repository.
    let path: String
    let lines: [String]

    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Swift files below a directory of the repository.
    static func all(below directory: String) throws -> [SourceFile] {
        let base = root.appendingPathComponent(directory)
        let paths = FileManager.default.enumerator(atPath: base.path)?.compactMap { $0 as? String } ?? []
        return try paths.filter { $0.hasSuffix(".swift") }.sorted().map { path in
            let text = try String(contentsOf: base.appendingPathComponent(path), encoding: .utf8)
            return SourceFile(path: directory + "/" + path, lines: text.components(separatedBy: "\n"))
        }
    }

    /// First folder below `Sources`.
    var target: String { String(path.split(separator: "/")[1]) }

    /// Places where `pattern` is found in code, comments left out.
    func places(of pattern: Regex<some Any>) -> [String] {
        lines.enumerated().compactMap { index, line in
            let code = line.components(separatedBy: "//")[0]
            return code.contains(pattern)
                ? "\(path):\(index + 1): \(line.trimmingCharacters(in: .whitespaces))" : nil
        }
    }
}
