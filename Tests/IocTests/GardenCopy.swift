import Foundation
import TestSupport

/// The garden's files, which may be changed.
struct GardenCopy {
    let folder: TemporaryDirectory
    var root: String { folder.path + "/good" }
    /// Where the program finds them.
    var catalog: [String] {
        [
            "--config", root + "/config/ioc.yaml", "--devices", root + "/devices", "--alerts",
            root + "/config/alerts",
        ]
    }

    init() throws {
        folder = try TemporaryDirectory()
        try FileManager.default.copyItem(atPath: GardenService.fixtures, toPath: root)
    }
}
