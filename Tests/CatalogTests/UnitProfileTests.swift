import Catalog
import Telemetry
import Testing

@Suite("Units of a profile")
struct UnitProfileTests {
    @Test("a profile says the payload's unit, or where the payload says it, and its examples hold")
    func examples() throws {
        let world = try GardenWorld()
        try world.write(
            """
            title: {vi: Luống, en: Bed}
            topic: garden/{device}/csv
            format: json
            cadence: 60s
            measurements:
              - {name: air, title: {vi: Khí, en: Air}, field: /f, unit: Cel, wire_unit: FAH, kind: gauge, valid: [0, 60]}
              - {name: wind, title: {vi: Gió, en: Wind}, field: /w, unit: km/h, wire_unit: m/s, scale: 0.1, kind: gauge}
              - name: moisture
                title: {vi: Ẩm, en: Moisture}
                field: /moisture/value
                unit: "1"
                unit_field: /moisture/metadata/unitCode/value
                kind: gauge
                valid: [0, 1]
              - {name: calls, title: {vi: Gọi, en: Calls}, field: /n, unit: "{calls}", kind: delta}
            examples:
              - {name: heat, topic: garden/scale-1/csv, payload: '{"f":104,"w":55,"n":2}', readings: {air: 40, wind: 19.8, calls: 2}}
              - name: percent
                topic: garden/scale-1/csv
                payload: '{"moisture":{"value":50,"metadata":{"unitCode":{"value":"P1"}}}}'
                readings: {moisture: 0.5}
              - name: a ratio that is none
                topic: garden/scale-1/csv
                payload: '{"moisture":{"value":50,"metadata":{"unitCode":{"value":"C62"}}}}'
                readings: {moisture: {value: 50, quality: bad}}
              - name: drops
                topic: garden/scale-1/csv
                payload: '{"moisture":{"value":50,"metadata":{"unitCode":{"value":"LTR"}}}}'
                rejected: unit-mismatch
              - {name: nobody says what, topic: garden/scale-1/csv, payload: '{"moisture":{"value":50}}', rejected: unit-mismatch}

            """, to: "devices/garden/scale.yaml")
        let faults = world.faults().filter { $0.hasPrefix("devices") }
        #expect(faults.isEmpty)
        let catalog = try world.load()
        #expect(catalog.check().map(\.message).isEmpty)
        #expect(
            catalog.profiles.first { $0.id == "garden/scale" }?.measurements.map(\.unit) == [
                "Cel", "km/h", "1", "{calls}",
            ])
    }
}
