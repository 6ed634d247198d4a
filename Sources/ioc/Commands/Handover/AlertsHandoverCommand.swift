import ArgumentParser
import Store
import Telemetry

struct AlertsHandoverCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "handover",
        abstract: "What a shift leaves to the next: what is open and set aside, what happened, who did what.",
        discussion: """
            Reads the database. The page is for printing on A4. Lists are cut after 200 rows, and say how many more there are.

              ioc alerts handover --since 8h
              ioc alerts handover --since 2026-01-05T06:00 --until 2026-01-05T14:00 --format html > handover.html
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument { case text, html }

    @Option(
        parsing: .unconditional, help: "The begin of the shift: a length like 8h before its end, or a time.")
    var since = "8h"
    @Option(parsing: .unconditional, help: "Its end: a time, or -1h before now. (default: now)")
    var until: String?
    @Option(help: "Only this domain.") var domain: String?
    @Option(help: "Only this ward or commune, by its code.") var ward: String?
    @Option(help: "text or html.") var format = Format.text
    @OptionGroup var data: DataOptions
    @OptionGroup var language: LanguageOptions
    @Flag(help: "JSON, as /api/v1/alerts/handover gives it.") var json = false

    func text(_ reader: StoreReader, _ rendering: Rendering) throws -> String {
        try reader.check(domain: domain, ward: ward)
        let handover = try reader.handover(
            of: try range(rendering), domain: domain, ward: ward, at: rendering.now)
        if json { return try JSONText.document(handover) }
        return Self.text(handover, format, rendering)
    }

    static func text(_ handover: Handover, _ format: Format, _ rendering: Rendering) -> String {
        let document = HandoverDocument(handover, rendering)
        return format == .html
            ? HandoverPage.html(document, rendering.language) : HandoverText.text(document, rendering)
    }

    private func range(_ rendering: Rendering) throws -> Range<Milliseconds> {
        let zone = rendering.clock.zone
        func moment(_ text: String, _ flag: String, from now: Milliseconds) throws -> Milliseconds {
            guard let time = TimeArgument.parse(text, now: now, zone: zone) else {
                throw UsageFault.noTime(flag, text)
            }
            return time
        }
        let end = try until.map { try moment($0, "--until", from: rendering.now) } ?? rendering.now
        // A length is before the end, also with the dash that it has over HTTP.
        let start = try Span.parse(since).map { end - $0 } ?? moment(since, "--since", from: end)
        guard start < end else {
            throw UsageFault.of(
                vi: "--since \(since) không trước lúc hết ca; hãy đặt --until muộn hơn",
                en: "--since \(since) is not before the end of the shift; set --until later")
        }
        return start..<end
    }
}
