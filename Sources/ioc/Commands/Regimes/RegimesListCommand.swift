import ArgumentParser
import Catalog
import Store
import Telemetry

struct RegimesListCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "The regimes there are, which of them are on, and who said so; reads the database.")

    @OptionGroup var data: DataOptions
    @OptionGroup var catalog: CatalogOptions
    @OptionGroup var language: LanguageOptions
    @Flag(help: "JSON, as /api/v1/regimes gives it.") var json = false

    func text(_ reader: StoreReader, _ rendering: Rendering) throws -> String {
        let known = try reader.regimes()
        if json { return try JSONText.document(["regimes": known]) }
        let language = rendering.language
        var table = Table(columns: [
            .init(title: language(vi: "chế độ", en: "regime")),
            .init(title: language(vi: "trạng thái", en: "state")),
            .init(title: language(vi: "từ", en: "since")),
            .init(title: language(vi: "người đổi", en: "by"), isFlexible: true),
            .init(title: language(vi: "lý do", en: "reason"), isFlexible: true),
            .init(title: language(vi: "tên", en: "title"), isFlexible: true),
        ])
        for regime in try catalog.load().times.regimes {
            let found = known.first { $0.regime == regime.name }
            let isOn = found?.isOn ?? false
            table.add(
                .init(regime.name),
                .init(
                    isOn ? language(vi: "bật", en: "on") : language(vi: "tắt", en: "off"),
                    isOn ? .yellow : .dim),
                .init(rendering.time(found?.sinceMs)), .init(found?.operator ?? ""),
                .init(found?.comment ?? ""), .init(regime.title[language]))
        }
        return rendering.text(table)
    }
}
