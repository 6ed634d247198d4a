import ArgumentParser
import Store
import Telemetry

struct DevicesListCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "All devices and how long they have been quiet; reads the database.",
        discussion: """
            Late is quiet for more than two of the device's cadences, silent for more than three.

              ioc devices --freshness silent --freshness never-reported
            """)

    @Option(help: "Only this domain.") var domain: String?
    @Option(help: "Only this ward or commune, by its code.") var ward: String?
    @Option(help: "Only these: fresh, late, silent or never-reported; may be given several times.")
    var freshness: [Freshness] = []
    @OptionGroup var data: DataOptions
    @OptionGroup var language: LanguageOptions
    @Flag(help: "JSON, as /api/v1/devices gives it.") var json = false

    private struct Answer: Encodable { var devices: [DeviceAnswer] }

    func text(_ reader: StoreReader, _ rendering: Rendering) throws -> String {
        try reader.check(domain: domain, ward: ward)
        let found = try reader.devices(domain: domain, ward: ward, freshness: freshness.map(\.rawValue))
        if json { return try JSONText.document(Answer(devices: found)) }
        guard !found.isEmpty else {
            return rendering.language(vi: "Không có thiết bị nào.\n", en: "No devices.\n")
        }
        return rendering.text(table(found, rendering)) + summary(found, rendering.language)
    }

    private func table(_ found: [DeviceAnswer], _ rendering: Rendering) -> Table {
        let language = rendering.language
        var table = Table(columns: [
            .init(title: language(vi: "thiết bị", en: "device")),
            .init(title: language(vi: "tình trạng", en: "freshness")),
            .init(title: language(vi: "nghe lần cuối", en: "last heard")),
            .init(title: language(vi: "tuổi", en: "age"), alignment: .right),
            .init(title: language(vi: "chu kỳ", en: "cadence"), alignment: .right),
            .init(title: language(vi: "lĩnh vực", en: "domain")),
            .init(title: language(vi: "hồ sơ", en: "profile"), isFlexible: true),
            .init(title: language(vi: "phường/xã", en: "ward")),
            .init(title: language(vi: "tên", en: "name"), isFlexible: true),
        ])
        for device in found {
            table.add(
                .init(device.device, .bold),
                .init(Freshness.spoken(device.freshness, language), FreshnessCounts.style(device.freshness)),
                .init(rendering.time(device.lastSeenMs)), .init(rendering.age(device.lastSeenMs)),
                .init(Span.format(device.cadenceMs)), .init(device.domain), .init(device.profile),
                .init(device.ward),
                .init(Title(vi: device.nameVi, en: device.nameEn)[language]))
        }
        return table
    }

    private func summary(_ found: [DeviceAnswer], _ language: Language) -> String {
        let counts = Dictionary(grouping: found, by: \.freshness).mapValues(\.count)
        let devices = language(vi: "thiết bị", en: found.count == 1 ? "device" : "devices")
        return "\n\(found.count) \(devices): \(FreshnessCounts.line(counts, language).text)\n"
    }
}
