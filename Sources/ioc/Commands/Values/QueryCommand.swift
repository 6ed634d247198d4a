import ArgumentParser
import Store
import Telemetry

struct QueryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "query",
        abstract: "Values of series: rollups of a tier, or raw readings; reads the database.",
        discussion: """
            Works without the service. Days begin at the city's midnight; a window belongs to the moment it begins.

              ioc query jr-001/averageVehicleSpeed --tier 15m --from -6h
              ioc query jr-001/averageVehicleSpeed --from 2026-01-05 --to 2026-01-06 --format csv > day.csv
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument { case table, csv, json }

    @Argument(help: "device/measurement, as `ioc series` lists them.") var series: [String]
    @Option(help: "1m, 15m, 1h, 1d, or raw.") var tier = ValueTier.rollup(.hour)
    @OptionGroup var times: TimeRangeOptions
    @Option(help: "table, csv or json.") var format = Format.table
    @Flag(help: "The same as --format json.") var json = false
    @Option(help: "At most this many rows in all.") var limit = RowLimit(10_000)
    @OptionGroup var data: DataOptions
    @OptionGroup var language: LanguageOptions

    func run() throws {
        do {
            let reader = try data.reader(language.language)
            let rendering = Rendering.standardOutput(
                language.language, zone: reader.zone, now: SystemClock.now())
            let isTruncated = try answer(reader, rendering, StandardOutput.write)
            if isTruncated { Failure.say(String(limit.notice(rendering.language).dropLast())) }
        } catch {
            throw Failure.exit(error)
        }
    }

    /// - Parameter write: is given the answer, a long one piece by piece.
    /// - Returns: whether the limit cut it.
    func answer(_ reader: StoreReader, _ rendering: Rendering, _ write: (UnsafeRawBufferPointer) -> Void)
        throws
        -> Bool
    {
        func say(_ text: String) { Array(text.utf8).withUnsafeBytes(write) }
        let known = try series.map { name in
            guard let one = try reader.series(named: name) else {
                throw try unknown(name, reader, rendering.language)
            }
            return one
        }
        let range = try times.range(now: rendering.now, zone: rendering.clock.zone)
        switch (tier, actualFormat) {
        case (.raw, let format):
            let (rows, isTruncated) = try rows { name, limit in
                try reader.readings(name, from: range.lowerBound, to: range.upperBound, limit: limit)
            }
            say(try ReadingReport(rows, range, isTruncated).text(format, rendering))
            return isTruncated
        case (.rollup(let tier), .table):
            let (rows, isTruncated) = try rows { name, limit in
                try reader.rollups(
                    name, tier: tier, from: range.lowerBound, to: range.upperBound, limit: limit)
            }
            say(RollupReport(rows).text(rendering))
            return isTruncated
        case (.rollup(let tier), let format):
            var document = AnswerDocument.rollups(
                known, tier: tier, range: range, form: format == .csv ? .csv : .rows, limit: limit.count,
                zone: reader.zone)
            while !document.isDone { try document.piece(reader, write) }
            if format == .json { say("\n") }
            return document.isTruncated
        }
    }

    private var actualFormat: Format { json ? .json : format }

    /// Rows of every series, one series after the other.
    private func rows<Row>(_ read: (String, Int) throws -> [Row]) throws -> (rows: [Row], isTruncated: Bool) {
        var rows: [Row] = []
        for name in series where rows.count <= limit.count {
            // One more than asked for tells whether there is more.
            rows += try read(name, limit.count + 1 - rows.count)
        }
        return (Array(rows.prefix(limit.count)), rows.count > limit.count)
    }

    private func unknown(_ name: String, _ reader: StoreReader, _ language: Language) throws -> CommandError {
        let closest = Spelling.closest(to: name, in: try reader.series().map(\.series), count: 3)
        let hint =
            closest.isEmpty
            ? language(vi: "chưa có chuỗi nào", en: "no series is known yet")
            : language(vi: "gần nhất: ", en: "the closest are ") + closest.joined(separator: ", ")
        return CommandError(
            language(
                vi: "chuỗi \(name): không có; \(hint); `ioc series` liệt kê tất cả",
                en: "series \(name): there is no such series; \(hint); `ioc series` lists them all"))
    }
}
