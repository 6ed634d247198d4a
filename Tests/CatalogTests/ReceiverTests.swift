import Telemetry
import Testing

@testable import Catalog

@Suite("Receivers of notifications")
struct ReceiverTests {
    private func receivers(_ text: String) throws -> [Receiver] {
        let world = try GardenWorld()
        try world.write(text, to: "config/receivers.yaml")
        return try world.load().receivers
    }

    @Test("there are none without a file, and none in an empty list")
    func none() throws {
        #expect(try GardenWorld().load().receivers.isEmpty)
        #expect(try receivers("receivers: []\n").isEmpty)
    }

    @Test("have all that the file says")
    func all() throws {
        let found = try receivers(
            """
            receivers:
              - name: duty-officer
                units: [gardener, owner]
                domains: [garden]
                wards: [an-cuu, _]
                priority: high
                on: [raised, escalated, returned]
                language: en
                webhook: {url: "https://example.org/alerts", secret_file: /etc/ioc/secret}
                quiet: [{days: [fri-mon, wed], from: "22:00", to: "06:00"}]
                quiet_except: high
                limit: 20/1h
            """)
        var expected = Receiver(
            name: "duty-officer",
            way: .webhook(url: "https://example.org/alerts", secretFile: "/etc/ioc/secret"))
        expected.units = ["gardener", "owner"]
        expected.domains = ["garden"]
        expected.wards = ["an-cuu", "_"]
        expected.leastPriority = .high
        expected.occasions = [.raised, .escalated, .returned]
        expected.language = .en
        expected.quiet = QuietHours([.init(days: [5, 6, 7, 1, 3], start: 22 * 60, end: 30 * 60)])
        expected.quietExcept = .high
        expected.limit = NotificationLimit(count: 20, span: Span.hour)
        #expect(found == [expected])
    }

    @Test("say little where the defaults are right: all alerts that ask for somebody, in Vietnamese")
    func defaults() throws {
        let found = try receivers(
            """
            receivers:
              - {name: a, mail: {server: "smtps://mail.example.org", from: ioc@example.org, to: [lan@example.org]}}
              - {name: b, command: [/usr/local/bin/siren, --loud]}
            """)
        let route = MailRoute(
            server: "smtps://mail.example.org", from: "ioc@example.org", to: ["lan@example.org"])
        #expect(
            found == [
                Receiver(name: "a", way: .mail(route)),
                Receiver(name: "b", way: .command(["/usr/local/bin/siren", "--loud"])),
            ])
        #expect(found[0].occasions == [.raised, .escalated])
        #expect(found[0].language == .vi)
        #expect(found[0].quietExcept == .critical)
    }

    @Test("of mail may say who vouches for the server, and log in")
    func mail() throws {
        let found = try receivers(
            """
            receivers:
              - name: a
                mail:
                  server: "smtp://mail.example.org:587"
                  from: ioc@example.org
                  to: [lan@example.org]
                  username: ioc
                  password_file: /etc/ioc/mail-password
                  ca_file: /etc/ioc/ca.pem
            """)
        let route = MailRoute(
            server: "smtp://mail.example.org:587", from: "ioc@example.org", to: ["lan@example.org"],
            username: "ioc", passwordFile: "/etc/ioc/mail-password", authorityFile: "/etc/ioc/ca.pem")
        #expect(found.map(\.way) == [.mail(route)])
    }

    @Test("an address cannot bring a header of its own")
    func lineBreak() throws {
        let world = try GardenWorld()
        let mail = #"{server: "smtp://x.org", from: a@x.org, to: ["b@x.org\r\nBcc: c@x.org"]}"#
        try world.write("receivers:\n  - {name: a, mail: \(mail)}\n", to: "config/receivers.yaml")
        #expect(world.faults().first?.contains("expected an address like") == true)
    }
}
