import Foundation
import TestSupport
import Testing

@testable import ioc

@Suite("A test message")
struct NotificationsTestCommandTests {
    @Test("to a program that ends without reading it is answered with its exit code")
    func unread() throws {
        let copy = try GardenCopy()
        let receivers = """
            receivers:
              - name: deaf
                command: [/bin/false]
            """
        try Data(receivers.utf8).write(to: URL(fileURLWithPath: copy.root + "/config/receivers.yaml"))
        // Whether the program is gone before it is written to is chance.
        for round in 0..<5 {
            let log = copy.folder.path + "/log-\(round)"
            let child = try ChildProcess(
                GardenService.program, ["notifications", "test", "deaf"] + copy.catalog, log: log)
            #expect(child.waitForExit(milliseconds: 60_000) == 1 << 8)
            #expect(try String(contentsOfFile: log, encoding: .utf8) == "ioc: deaf: exit code 1\n")
        }
    }
}
