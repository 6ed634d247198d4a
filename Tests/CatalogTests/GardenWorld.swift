import Catalog
import Foundation
import TestSupport
import Testing

/// The sound little world of `Fixtures/good`, in a folder of its own where files may be spoiled.
struct GardenWorld {
    static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/Fixtures"
    private let directory: TemporaryDirectory
    var root: String { directory.path + "/good" }

    init() throws {
        directory = try TemporaryDirectory()
        try FileManager.default.copyItem(atPath: Self.fixtures + "/good", toPath: directory.path + "/good")
    }

    func write(_ text: String, to path: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(root)/\(path)"))
    }

    func write(bytes: [UInt8], to path: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: "\(root)/\(path)"))
    }

    /// Replaces the first `old`, which must be there.
    func replace(_ old: String, with new: String, in path: String) throws {
        let text = try String(contentsOfFile: "\(root)/\(path)", encoding: .utf8)
        let range = try #require(text.range(of: old))
        try write(text.replacingCharacters(in: range, with: new), to: path)
    }

    func makeFolder(_ path: String) throws {
        try FileManager.default.createDirectory(atPath: "\(root)/\(path)", withIntermediateDirectories: true)
    }

    func copy(_ path: String, to other: String) throws {
        try FileManager.default.copyItem(atPath: "\(root)/\(path)", toPath: "\(root)/\(other)")
    }

    func remove(_ path: String) throws { try FileManager.default.removeItem(atPath: "\(root)/\(path)") }

    func load() throws(CatalogFaults) -> Catalog {
        try Catalog.load(
            configFile: "\(root)/config/ioc.yaml", devicesDirectory: "\(root)/devices",
            alertsDirectory: "\(root)/config/alerts")
    }

    /// What is wrong, with paths from the world's root.
    func faults() -> [String] {
        do throws(CatalogFaults) {
            _ = try load()
            return []
        } catch {
            return error.faults.map { $0.description.replacingOccurrences(of: root + "/", with: "") }
        }
    }
}
