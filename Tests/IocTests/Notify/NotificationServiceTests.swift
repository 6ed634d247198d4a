import Foundation
import Store
import TestSupport
import Testing

@testable import ioc

@Suite("Notifications of the running service")
struct NotificationServiceTests {
    @Test(
        "an alert goes from a gateway's message to a mail and a webhook, and its acknowledgement shows",
        .timeLimit(.minutes(3)))
    func wholeWay() throws {
        let (hook, mail) = (try HookSink(), try MailSink())
        let folder = try TemporaryDirectory()
        let files = folder.path + "/good"
        try FileManager.default.copyItem(atPath: GardenService.fixtures, toPath: files)
        let rules = URL(fileURLWithPath: files + "/config/alerts/garden.yaml")
        let text = try String(contentsOf: rules, encoding: .utf8).replacing(
            "enabled: false", with: "enabled: true")
        try Data(text.utf8).write(to: rules)
        let secret = folder.path + "/secret"
        let made = FileManager.default.createFile(
            atPath: secret,
            contents: Data("whsec_\(Data(repeating: 1, count: 32).base64EncodedString())".utf8),
            attributes: [.posixPermissions: 0o600])
        #expect(made)
        let receivers = """
            receivers:
              - {name: guard-house, units: [guard], webhook: {url: "http://127.0.0.1:\(hook.port)/", secret_file: \(secret)}}
              - name: guard-mail
                language: en
                mail: {server: "smtp://127.0.0.1:\(mail.port)", from: ioc@example.org, to: [guard@example.org]}
            """
        try Data(receivers.utf8).write(to: URL(fileURLWithPath: files + "/config/receivers.yaml"))
        let catalog = [
            "--config", files + "/config/ioc.yaml", "--devices", files + "/devices", "--alerts",
            files + "/config/alerts",
        ]
        let service = try GardenService(catalog: catalog)
        try service.waitUntilSubscribed(to: "gates/+")
        try service.publish([("gates/gate-1", "on")])
        let post = try service.wait(for: "the webhook") { hook.received.first }
        #expect(String(decoding: post.body, as: UTF8.self).contains(#""rule":"GateOpen""#))
        #expect(String(decoding: post.body, as: UTF8.self).contains(#""action_en":"Shut it""#))
        let letter = try service.wait(for: "the mail") { mail.taken.first }
        #expect(letter.data.contains("Subject: [high] Gate is open: Gate\r\n"))
        let reader = try service.reader()
        _ = try service.wait(for: "the receipts") {
            try reader.notifications(state: "delivered").count == 2 ? true : nil
        }
        let list = try service.ioc(["notifications", "list", "--lang", "en"])
        #expect(list.status == 0)
        #expect(list.output.contains("guard-house") && list.output.contains("delivered"))
        #expect(service.stop())
    }
}
