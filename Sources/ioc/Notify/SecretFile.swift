import Foundation

/// A secret on the first line of a file that nobody else may read. Read at every use, so that it can be changed.
enum SecretFile {
    /// - Throws: `ServiceFault`.
    static func read(_ path: String) throws -> String {
        let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: target),
            let mode = (attributes[.posixPermissions] as? NSNumber)?.intValue
        else {
            throw ServiceFault(
                "\(path): there is no such file; it holds a secret on its first line, mode 600")
        }
        guard mode & 0o077 == 0 else {
            throw ServiceFault(
                "\(path): other users may read the secret (mode \(String(mode & 0o777, radix: 8))); run `chmod 600 \(path)`"
            )
        }
        guard let text = try? String(contentsOfFile: path, encoding: .utf8),
            let line = text.split(whereSeparator: \.isNewline).first, !line.isEmpty
        else {
            throw ServiceFault("\(path): cannot read a secret from its first line; check owner and content")
        }
        return String(line)
    }
}
