import ArgumentParser
import Store
import Telemetry

struct SeriesCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "series", abstract: "All series with their newest value; reads the database.",
        discussion: """
            Works without the service. The first column is what `ioc query` takes.

              ioc series --device jr-001
            """)

    @Option(help: "Only this domain.") var domain: String?
    @Option(help: "Only this ward or commune, by its code.") var ward: String?
    @Option(help: "Only this device.") var device: String?
    @OptionGroup var data: DataOptions
    @OptionGroup var language: LanguageOptions
    @Flag(help: "JSON, as /api/v1/series gives it.") var json = false

    private struct Answer: Encodable { var series: [SeriesAnswer] }

    func text(_ reader: StoreReader, _ rendering: Rendering) throws -> String {
        try reader.check(domain: domain, ward: ward)
        let found = try reader.series(domain: domain, ward: ward, device: device)
        if json { return try JSONText.document(Answer(series: found)) }
        guard !found.isEmpty else {
            return rendering.language(vi: "Không có chuỗi nào.\n", en: "No series.\n")
        }
        return rendering.text(table(found, rendering))
    }

    private func table(_ found: [SeriesAnswer], _ rendering: Rendering) -> Table {
        let language = rendering.language
        var table = Table(columns: [
            .init(title: language(vi: "chuỗi", en: "series")),
            .init(title: language(vi: "giá trị", en: "value"), alignment: .right),
            .init(title: language(vi: "đơn vị", en: "unit")),
            .init(title: language(vi: "lúc", en: "time")),
            .init(title: language(vi: "tuổi", en: "age"), alignment: .right),
            .init(title: language(vi: "chất lượng", en: "quality")),
            .init(title: language(vi: "loại", en: "kind")),
            .init(title: language(vi: "phường/xã", en: "ward")),
            .init(title: language(vi: "tên", en: "title"), isFlexible: true),
        ])
        for series in found {
            let isSuspect = series.quality != nil && series.quality != "good"
            table.add(
                .init(series.series, .bold), .init(series.value.map(AlertText.number) ?? "–"),
                .init(series.unit),
                .init(rendering.time(series.timeMs)), .init(rendering.age(series.timeMs)),
                .init(
                    series.quality.map { SpokenQuality.of($0, language) } ?? "–", isSuspect ? .yellow : .plain
                ),
                .init(series.kind), .init(series.ward),
                .init(Title(vi: series.titleVi, en: series.titleEn)[language]))
        }
        return table
    }
}
