import Foundation

/// A directory of its own for one test, gone with it.
package final class TemporaryDirectory {
    package let path: String

    package init() throws {
        path = NSTemporaryDirectory() + "ioc-test-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    /// KEEP in the environment leaves it for whoever looks for a cause.
    deinit {
        guard ProcessInfo.processInfo.environment["KEEP"] == nil else { return }
        try? FileManager.default.removeItem(atPath: path)
    }
}
