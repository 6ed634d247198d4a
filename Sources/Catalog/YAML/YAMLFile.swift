import Foundation
import Yams

/// Reads a file into a tree of values with places.
enum YAMLFile {
    /// Written by hand, no file of ours comes near.
    static let maximumBytes = 1 << 20

    /// The root of the file at `path`; nil, with a fault in `log`, if it cannot be had.
    static func read(_ path: String, _ log: FaultLog) -> YAMLValue? {
        let file = SourceFile(path: path, log: log)
        guard let text = TextFile.read(file, maximumBytes: maximumBytes) else { return nil }
        return parse(text, file)
    }

    static func parse(_ text: String, _ file: SourceFile) -> YAMLValue? {
        do {
            let parser = try Parser(yaml: text)
            // Nodes refer to their anchors weakly: the parser must live until they are looked for.
            return try withExtendedLifetime(parser) {
                guard let root = try parser.singleRoot() else {
                    file.fault("the file is empty")
                    return nil
                }
                return refuseAnchors(root, file) ? nil : YAMLValue(node: root, name: "file", file: file)
            }
        } catch let error as YamlError {
            report(error, file)
        } catch {
            file.fault("not YAML: \(error)")
        }
        return nil
    }

    /// Notes the first anchor. Aliases need one, so files without anchors cannot blow up.
    private static func refuseAnchors(_ node: Node, _ file: SourceFile) -> Bool {
        if let anchor = node.anchor {
            file.fault(
                line: node.mark?.line ?? 1, column: node.mark?.column ?? 1,
                "anchors and aliases are not allowed: write out what `&\(anchor.rawValue)` stands for")
            return true
        }
        switch node {
        case .mapping(let mapping):
            return mapping.contains { refuseAnchors($0.key, file) || refuseAnchors($0.value, file) }
        case .sequence(let sequence): return sequence.contains { refuseAnchors($0, file) }
        default: return false
        }
    }

    private static func report(_ error: YamlError, _ file: SourceFile) {
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let about = context.map { " (\($0.text) from line \($0.mark.line))" } ?? ""
            file.fault(line: mark.line, column: mark.column, "not YAML: \(problem)\(about)")
        case .reader(let problem, let offset, _, let yaml):
            let before = yaml.prefix(offset ?? 0)
            let line = before.reduce(1) { $1.isNewline ? $0 + 1 : $0 }
            let column = before.reversed().prefix { !$0.isNewline }.count + 1
            file.fault(line: line, column: column, "not YAML: \(problem)")
        case .duplicatedKeysInMapping(let duplicates, let context):
            let names = duplicates.map { "`\($0)`" }.joined(separator: ", ")
            file.fault(
                line: max(context.mark.line, 1), column: max(context.mark.column, 1), "duplicate key \(names)"
            )
        default: file.fault("not YAML: \(error)")
        }
    }
}
