import ArgumentParser
import Store
import Testing

@testable import Telemetry
@testable import ioc

@Suite("Handover of a shift")
struct HandoverTests {
    private let store: CommandsFilledStore
    private let now = CommandsFilledStore.now

    init() throws { store = try CommandsFilledStore() }

    private func handover(_ start: Milliseconds? = nil, domain: String? = nil) throws -> Handover {
        try store.reader.handover(of: (start ?? now - 8 * Span.hour)..<now + 1, domain: domain, at: now + 1)
    }

    @Test("tells what is open, who took what, what is over, silent and lost, and the figures")
    func sections() throws {
        let handover = try handover()
        #expect(handover.open.rows.map(\.device) == ["jr-002", "jr-003", "jr-001"])
        #expect(handover.cameAndWent.rows.map(\.priority) == ["low"])
        #expect(handover.actions.rows.map(\.operator) == ["Lan", "Minh"])
        #expect(handover.silent.rows.map(\.device) == ["jr-002", "jr-003"])
        #expect(handover.gaps.count == 1 && handover.rejects.count == 2)
        #expect(handover.scoreboard.announced == 4)
        #expect(try self.handover(domain: "none").open.count == 0)
        #expect(try self.handover(now + 1 - 1).gaps.isEmpty)
    }

    @Test("is text in both languages, with what is empty named")
    func text() throws {
        let handover = try handover()
        let vi = HandoverText.text(HandoverDocument(handover, store.rendering(.vi)), store.rendering(.vi))
        #expect(
            vi.contains("Bàn giao ca trực") && vi.contains("Ai đã làm gì (2)") && vi.contains("Lan đã rõ"))
        let en = HandoverText.text(HandoverDocument(handover, store.rendering(.en)), store.rendering(.en))
        #expect(
            en.contains("Open (3)") && en.contains("Shelved (0)") && en.contains("new alerts per 10 minutes"))
    }

    @Test("is a page without scripts, on which nothing that came from outside is markup")
    func page() throws {
        var handover = try handover()
        handover.open.rows[0].comment = "<script>alert('x')</script> & \"y\""
        let html = HandoverPage.html(HandoverDocument(handover, store.rendering(.en)), .en)
        #expect(html.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;y&quot;"))
        #expect(!html.contains("<script") && !html.contains("http://") && !html.contains("https://"))
        #expect(html.hasPrefix("<!DOCTYPE html>\n<html lang=\"en\">"))
        #expect(html.contains("Nothing: Shelved, Suppressed (gateway down), Out of service,"))
    }

    @Test("the command takes a length or a time, and says what it does not take")
    func arguments() throws {
        let command = try AlertsHandoverCommand.parse(["--since", "30m", "--lang", "en"])
        let text = try command.text(store.reader, store.rendering())
        #expect(text.contains("2026-01-05 07:32:03 – 2026-01-05 08:02:03"))
        for length in ["8h", "-8h"] {
            let early = try AlertsHandoverCommand.parse(["--since", length, "--until", "-1h", "--lang", "en"])
            #expect(
                try early.text(store.reader, store.rendering()).contains(
                    "2026-01-04 23:02:03 – 2026-01-05 07:02:03"))
        }
        let page = try AlertsHandoverCommand.parse(["--since", "2026-01-05T06:00", "--format", "html"])
        #expect(try page.text(store.reader, store.rendering(.vi)).contains("<html lang=\"vi\">"))
        let json = try AlertsHandoverCommand.parse(["--json"])
        #expect(try json.text(store.reader, store.rendering()).contains("\"came_and_went\""))
        for wrong in [["--since", "soon"], ["--since", "now"], ["--until", "soon"]] {
            let command = try AlertsHandoverCommand.parse(wrong)
            #expect(throws: (any Error).self) { try command.text(store.reader, store.rendering()) }
        }
    }

    @Test("stale and chattering alerts are listed")
    func badActors() throws {
        let stale = try AlertsListCommand.parse(["--stale"])
        var later = store.rendering(.en)
        later.now = now + 2 * Span.day
        #expect(try stale.text(store.reader, store.rendering(.en)) == "No alerts.\n")
        let text = try stale.text(store.reader, later)
        #expect(text.contains("jr-001") && text.contains("jr-002") && !text.contains("jr-003"))
        let chattering = try AlertsListCommand.parse(["--chattering"])
        #expect(try chattering.text(store.reader, store.rendering(.en)) == "No alerts.\n")
        #expect(throws: (any Error).self) { try AlertsListCommand.parse(["--stale", "--all"]) }
    }
}
