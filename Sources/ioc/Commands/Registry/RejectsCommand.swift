import ArgumentParser
import Catalog
import Store
import Telemetry

struct RejectsCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "rejects",
        abstract: "Refused messages, why, and where the fault is; reads the database.",
        discussion: """
            One entry for each topic and reason, the latest first, with the last payload. The caret marks the fault.

              ioc rejects --reason not-a-number

            --unknown lists devices that no fleet has, the busiest first, with the profiles whose topics they speak on.
            `ioc devices adopt` takes one into a fleet.

              ioc rejects --unknown
            """)

    @Option(help: "Only this reason: \(RejectionReason.allCases.map(\.rawValue).joined(separator: ", ")).")
    var reason: RejectionReason?
    @Flag(help: "Devices that no fleet has, and how much they say.") var unknown = false
    @Option(help: "At most this many.") var limit = RowLimit(100)
    @OptionGroup var data: DataOptions
    @OptionGroup var catalog: CatalogOptions
    @OptionGroup var language: LanguageOptions
    @Flag(help: "JSON, as /api/v1/rejects gives it.") var json = false

    private struct Answer: Encodable {
        var rejects: [RejectAnswer]
        var truncated: Bool
    }

    func validate() throws {
        if unknown, reason != nil { throw ValidationError("--unknown and --reason: one of them") }
    }

    func text(_ reader: StoreReader, _ rendering: Rendering) throws -> String {
        if unknown { return try unknownText(reader, try catalog.load(), rendering) }
        let found = try reader.rejects(reason: reason?.rawValue, limit: limit.count + 1)
        let shown = Array(found.prefix(limit.count))
        let isTruncated = found.count > limit.count
        if json { return try JSONText.document(Answer(rejects: shown, truncated: isTruncated)) }
        guard !shown.isEmpty else {
            return rendering.language(vi: "Không có tin nào bị từ chối.\n", en: "No message was refused.\n")
        }
        let entries = shown.map { rendering.text(entry($0, rendering)) }.joined(separator: "\n")
        return entries + (isTruncated ? limit.notice(rendering.language) : "")
    }

    private func entry(_ reject: RejectAnswer, _ rendering: Rendering) -> [StyledLine] {
        let language = rendering.language
        var heading = StyledLine(reject.reason, .red)
        heading.append("  \(reject.topic)", .bold)
        let last = rendering.time(reject.lastMs)
        let first = rendering.time(reject.firstMs)
        let times = language(
            vi: "\(reject.count) lần, đầu \(first), cuối \(last), lỗi tại byte \(reject.faultOffset)",
            en: "\(reject.count) times, first \(first), last \(last), fault at byte \(reject.faultOffset)")
        let width = max((rendering.width ?? 100) - 2, 20)
        let peek = PayloadPeek(reject.payload, fault: Int(reject.faultOffset), width: width)
        var lines = [heading, StyledLine("  " + times, .dim)]
        lines += peek.lines.map { StyledLine("  " + $0) }
        return lines
    }
}

extension RejectionReason: ExpressibleByArgument {}
