import Foundation

/// Reads files whole, within bounds.
enum TextFile {
    /// The text of `file`; nil, with a fault, if it is missing, too large or not UTF-8.
    static func read(_ file: SourceFile, maximumBytes: Int) -> String? {
        guard let handle = FileHandle(forReadingAtPath: file.path) else {
            file.fault(
                FileManager.default.fileExists(atPath: file.path)
                    ? "the file cannot be read: check its permissions" : "there is no such file")
            return nil
        }
        defer { try? handle.close() }
        guard let bytes = try? handle.read(upToCount: maximumBytes + 1) ?? Data() else {
            file.fault("the file cannot be read")
            return nil
        }
        guard bytes.count <= maximumBytes else {
            file.fault("the file is larger than \(maximumBytes / 1_024) KiB: split it")
            return nil
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            file.fault("the file is not UTF-8: save it as UTF-8")
            return nil
        }
        return text
    }
}
