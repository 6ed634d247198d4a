import Foundation

/// A folder of files that are read.
struct Folder {
    let path: String

    /// The folder in which a file lies.
    static func of(_ file: String) -> Folder {
        guard let slash = file.lastIndex(of: "/") else { return Folder(path: ".") }
        return Folder(path: slash == file.startIndex ? "/" : String(file[..<slash]))
    }

    /// Names of the folders in it, in order; nil, with a fault, if it is not there.
    func folders(_ log: FaultLog) -> [String]? {
        entries(log)?.filter { name in
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: "\(path)/\(name)", isDirectory: &isFolder)
                && isFolder.boolValue
        }
    }

    /// Names of its YAML files without `.yaml`, in order.
    func yamlNames(_ log: FaultLog) -> [String] {
        (entries(log) ?? []).compactMap { name in
            if name.hasSuffix(".yml") {
                SourceFile(path: "\(path)/\(name)", log: log).fault("name it .yaml, or it is not read")
            }
            return name.hasSuffix(".yaml") ? String(name.dropLast(5)) : nil
        }
    }

    /// Whether something of that name lies in it.
    func holds(_ name: String) -> Bool { FileManager.default.fileExists(atPath: "\(path)/\(name)") }

    private func entries(_ log: FaultLog) -> [String]? {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
            SourceFile(path: path, log: log).fault("there is no such folder")
            return nil
        }
        return names.filter { !$0.hasPrefix(".") }.sorted()
    }
}
