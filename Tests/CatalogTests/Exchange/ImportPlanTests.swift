import Telemetry
import Testing

@testable import Catalog

@Suite("What taking devices in would write")
struct ImportPlanTests {
    private let bench: ImportBench

    init() throws { bench = try ImportBench() }

    private func found(
        _ name: String, _ profile: DeviceImport.Found.Profile = .known("bed"), ward: String? = nil
    ) -> DeviceImport.Found {
        DeviceImport.Found(name: name, title: Title(vi: name, en: name), profile: profile, ward: ward)
    }

    private func draft(_ unit: String, label: String = "Model 7", topic: String = "m/{device}")
        -> DeviceImport.Found.Profile
    {
        .draft(
            ProfileDraft(
                label: label, title: Title(vi: label, en: label), topics: [topic], form: .json,
                cadence: Span.hour,
                measurements: [
                    .init(name: "v", title: Title(vi: "\"a\": b", en: "# c"), field: "/a~1b", unit: unit)
                ]))
    }

    private func plan(_ devices: DeviceImport.Found..., ward: String = "an-cuu") -> ImportPlan {
        ImportPlan(
            DeviceImport(devices: devices), into: "garden", of: bench.catalog, ward: ward, position: nil)
    }

    @Test("devices that speak alike share a profile, and others of the same name get a number")
    func profiles() throws {
        let plan = plan(
            found("a", draft("m")), found("b", draft("m", label: "Other")), found("c", draft("Cel")),
            found("d", draft("Cel", label: "7 x")))
        #expect(plan.rows.map(\.profile) == ["model-7", "model-7", "model-7-2", "model-7-2"])
        #expect(plan.profiles.map(\.name) == ["model-7", "model-7-2"])
        let catalog = try bench.write(plan)
        #expect(ImportBench.readings(#"{"a/b":1.5}"#, on: "m/A", in: catalog) == ["v": 1.5])
        #expect(catalog.profiles.first { $0.name == "model-7" }?.measurements[0].title.vi == "\"a\": b")
    }

    @Test("a profile that is there and hears the same topic stays as it is")
    func kept() {
        let plan = plan(
            found("a", draft("m", label: "Bed", topic: "garden/{device}")),
            found("b", draft("m", label: "Bed")))
        #expect(plan.rows.map(\.profile) == ["bed", "bed-2"] && plan.keptProfiles == ["bed"])
    }

    @Test("who is there already, twice in the file, or nowhere, is left out")
    func leftOut() {
        let plan = plan(
            found("bed-1"), found("Garden 1/Edge A/Cistern"), found("x"), found("X"),
            found("y", ward: "moon"),
            found("z", ward: "_"))
        #expect(plan.rows.map(\.id) == ["x"])
        #expect(
            plan.unmapped.map(\.description) == [
                "bed-1: bed-1 is a device of garden/bed already",
                "Garden 1/Edge A/Cistern: cistern-1 is a device of garden/cistern already",
                "X: its id would be x, as that of x",
                "y: there is no ward moon; known: an-cuu, hai-duong",
                "z: where it is is not said: give its ward, or a place for all",
            ])
    }
}
