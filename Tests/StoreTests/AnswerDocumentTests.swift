import Foundation
import GRDB
import Synchronization
import Telemetry
import TestSupport
import Testing

@testable import Store

private let midnight: Milliseconds = 1_767_546_000_000
private let zone = ZoneOffsets(name: "Asia/Ho_Chi_Minh", fixedOffset: 7 * Span.hour)

/// The bodies of answers, bytes and all, against the library's encoder on what the views say.
@Suite("An answer of many rows")
struct AnswerDocumentTests {
    private let store: Store
    private let registry: Registry

    /// Two devices with quantiles, a ratio, a counter and states.
    init() throws {
        store = try Store(directory: TemporaryDirectory().path, zone: zone)
        let title = Title(vi: "Mức \"a\"", en: "Level")
        let profile = DeviceProfile(
            domain: "test", name: "gauge", title: title, topics: [try TopicTemplate("t/{device}")],
            cadence: Span.minute,
            measurements: [
                Measurement(name: "level", title: title, unit: "m", kind: .gauge, keepsQuantiles: true),
                Measurement(name: "share", title: title, unit: "1", kind: .ratio),
                Measurement(name: "total", title: title, unit: "m3", kind: .counter),
                Measurement(name: "mode", title: title, unit: "1", kind: .state),
            ], wire: Wire(form: .scalar), format: .scalar(Kept(RecordPlan())))
        let devices = ["a", "b"].map {
            Device(
                key: $0, profileIndex: 0, domain: "test", name: title,
                ward: $0 == "a" ? "kim-long" : "phu-hoi",
                latitude: 16.4, longitude: 107.5, cadence: Span.minute)
        }
        registry = try store.register(profiles: [profile], devices: devices)
    }

    /// Windows of one to four readings of every series.
    private func fill(windows: Int, seed: UInt64 = 1) throws {
        var chance = SeededGenerator(seed: seed)
        var batch = Batch()
        for (index, shape) in registry.shapes.enumerated() {
            guard let shape else { continue }
            for window in 0..<windows {
                let start = midnight + Int64(window) * Span.minute
                var sum = Accumulator()
                var detail = shape.kind == .state ? RollupDetail.states(StateHistory()) : .none
                if shape.keepsQuantiles { detail = .quantiles(QuantileSketch()) }
                for _ in 0..<Int.random(in: 1...4, using: &chance) {
                    let reading = Reading(
                        series: SeriesID(UInt32(index)),
                        time: start + Int64.random(in: 0..<Span.minute, using: &chance),
                        value: Double(Int.random(in: -3...30, using: &chance)) / [1, 10].randomElement(
                            using: &chance)!,
                        weight: Double(Int.random(in: 1...9, using: &chance)))
                    sum.add(reading, kind: shape.kind)
                    detail.merge(Self.detail(of: reading, like: detail))
                }
                batch.rollups.append(
                    Rollup(
                        series: SeriesID(UInt32(index)), tier: .minute, start: start, accumulator: sum,
                        detail: detail))
            }
        }
        try BatchWriter(store: store, acknowledgementLimit: 10, quarantineRows: 10, quarantineBytes: 1 << 20)
            .write(batch)
    }

    private static func detail(of reading: Reading, like detail: RollupDetail) -> RollupDetail {
        switch detail {
        case .none: return .none
        case .quantiles:
            var sketch = QuantileSketch()
            sketch.add(reading.value)
            return .quantiles(sketch)
        case .states:
            var history = StateHistory()
            history.add(reading.time, reading.value)
            return .states(history)
        }
    }

    private func pieces(_ document: AnswerDocument) throws -> [String] {
        var document = document
        var pieces: [String] = []
        while !document.isDone {
            pieces.append(try document.piece(store.reader) { String(decoding: $0, as: UTF8.self) })
        }
        return pieces
    }

    private func rollups(
        _ filter: SeriesFilter = SeriesFilter(), windows: Int, fields: [RollupField] = [],
        form: AnswerForm = .rows,
        limit: Int = 1_000_000
    ) throws -> AnswerDocument {
        .rollups(
            try store.reader.series(filter), tier: .minute,
            range: midnight..<midnight + Int64(windows) * Span.minute, fields: fields, form: form,
            limit: limit,
            zone: zone)
    }

    private struct Body: Encodable {
        var tier = "1m"
        var fromMs = midnight
        var toMs: Int64
        var rollups: [RollupAnswer]
        var truncated = false
    }

    private func viewed(_ filter: SeriesFilter = SeriesFilter(), windows: Int) throws -> [RollupAnswer] {
        try store.reader.series(filter).flatMap {
            try store.reader.rollups(
                $0.name, tier: .minute, from: midnight, to: midnight + Int64(windows) * Span.minute,
                limit: 1_000_000)
        }
    }

    @Test(
        "is byte for byte what the encoder makes of the view's rows, in one piece or in many",
        arguments: [3, 700])
    func rows(windows: Int) throws {
        try fill(windows: windows)
        let pieces = try pieces(rollups(windows: windows))
        #expect(windows < 100 ? pieces.count == 1 : pieces.count > 2)
        #expect(pieces.allSatisfy { $0.utf8.count < AnswerDocument.pieceSize + 4_096 })
        let expected = Body(
            toMs: midnight + Int64(windows) * Span.minute, rollups: try viewed(windows: windows))
        #expect(expected.rollups.count == windows * 8)
        #expect(
            try pieces.joined() == String(decoding: AnswerCoding.encoder.encode(expected), as: UTF8.self))
    }

    @Test(
        "is the same wherever windows lie, goes on from the gathered ones to the others, and ends at its limit in either"
    )
    func gathered() throws {
        try fill(windows: 700)
        let limits = [100, 500, 1_000_000]
        func all() throws -> [String] {
            try limits.flatMap { limit in
                try AnswerForm.allCases.map { form in
                    try pieces(rollups(windows: 700, form: form, limit: limit)).joined()
                }
            }
        }
        let before = try all()
        let gatherer = Gatherer(store: store)
        // Half of it has closed so long ago.
        try gatherer.step(closedThrough: midnight + 375 * Span.minute)
        #expect(gatherer.rows.load(ordering: .relaxed) == 8 * 360)
        #expect(try all() == before)
    }

    @Test("has only the fields that were asked for")
    func fields() throws {
        try fill(windows: 2)
        let first = try #require(
            try viewed(SeriesFilter(device: "a", measurement: "total"), windows: 2).first)
        let filter = SeriesFilter(device: "a", measurement: "total")
        let text = try pieces(rollups(filter, windows: 1, fields: [.startMs, .p50, .startLocal, .max]))
            .joined()
        let max = String(decoding: try AnswerCoding.encoder.encode([first.max]), as: UTF8.self).dropFirst()
            .dropLast()
        #expect(
            text == """
                {"from_ms":\(midnight),"rollups":[{"max":\(max),"start_local":"2026-01-05 00:00:00","start_ms":\(midnight)}],\
                "tier":"1m","to_ms":\(midnight + Span.minute),"truncated":false}
                """)
        // Of what a row does not have nothing is left.
        #expect(try pieces(rollups(filter, windows: 1, fields: [.p50])).joined().contains("\"rollups\":[{}]"))
    }

    @Test("as columns says the same in arrays", arguments: [3, 4_000])
    func columns(windows: Int) throws {
        try fill(windows: windows)
        let pieces = try pieces(rollups(windows: windows, form: .columns))
        #expect(windows < 100 ? pieces.count == 1 : pieces.count > 2)
        let body = try #require(
            try JSONSerialization.jsonObject(with: Data(pieces.joined().utf8)) as? [String: Any])
        #expect(body["truncated"] as? Bool == false)
        var found: [[String: AnyHashable]] = []
        for block in try #require(body["rollups"] as? [[String: Any]]) {
            let length = try #require(block["start_ms"] as? [Int64]).count
            for row in 0..<length {
                found.append(
                    block.compactMapValues { values in
                        let value = (values as? [Any]).map { $0[row] } ?? values
                        return value is NSNull ? nil : value as? AnyHashable
                    })
            }
        }
        let whole = try JSONSerialization.jsonObject(
            with: Data(try self.pieces(rollups(windows: windows)).joined().utf8))
        let rows = try #require((whole as? [String: Any])?["rollups"] as? [[String: AnyHashable]])
        #expect(found == rows)
        let text = try self.pieces(
            rollups(
                SeriesFilter(device: "a", measurement: "mode"), windows: 2, fields: [.startMs, .p50, .unit],
                form: .columns)
        ).joined()
        #expect(
            text.contains(
                "\"rollups\":[{\"start_ms\":[\(midnight),\(midnight + Span.minute)],\"unit\":\"1\"}]"))
    }

    @Test(
        "ends at the limit and says so, also at the border between series",
        arguments: [AnswerForm.rows, .columns])
    func limit(form: AnswerForm) throws {
        try fill(windows: 5)
        for (limit, isCut) in [
            (1, true), (4, true), (5, true), (7, true), (39, true), (40, false), (41, false),
        ] {
            var document = try rollups(windows: 5, fields: [.startMs], form: form, limit: limit)
            let text = try document.piece(store.reader) { String(decoding: $0, as: UTF8.self) }
            #expect(document.isDone)
            #expect(document.isTruncated == isCut)
            #expect(text.hasSuffix("\"truncated\":\(isCut)}"))
            #expect(text.matches(of: /17675\d{8}/).count - 2 == min(limit, 40))
        }
    }

    @Test("of nothing is empty")
    func nothing() throws {
        let text = try pieces(rollups(SeriesFilter(domain: "none"), windows: 1)).joined()
        #expect(text.contains("\"rollups\":[]"))
        let columns = try pieces(rollups(windows: 1, form: .columns)).joined()
        #expect(columns.contains("\"rollups\":[]"))
    }

    @Test("as CSV has a line a row under its heading")
    func csv() throws {
        try fill(windows: 1)
        let filter = SeriesFilter(device: "b", measurement: "share")
        let row = try #require(try viewed(filter, windows: 1).first)
        let text = try pieces(rollups(filter, windows: 1, form: .csv)).joined()
        #expect(
            text == """
                series,unit,start_ms,start_local,count,min,max,mean,sum,first,last,p50,p85,p95,time_in_state,revision
                b/share,1,\(midnight),2026-01-05 00:00:00,\(row.count),\(row.min),\(row.max),\(row.mean!),\(row.sum),\
                \(row.first),\(row.last),,,,,0

                """)
    }

    @Test("of series and their newest readings is what the encoder makes of them")
    func newest() throws {
        struct Body: Encodable { var series: [SeriesAnswer] }
        var batch = Batch()
        batch.readings = [
            Reading(series: registry.seriesIDs[0][0], time: midnight, value: 2.5),
            Reading(
                series: registry.seriesIDs[0][1], time: midnight, value: 1, weight: 3, quality: .uncertain),
        ]
        var checkpoint = Checkpoint()
        for reading in batch.readings {
            var state = SeriesState()
            state.newest = reading
            checkpoint.series.append(reading.series, state)
        }
        batch.checkpoint = checkpoint
        try BatchWriter(store: store, acknowledgementLimit: 10, quarantineRows: 10, quarantineBytes: 1 << 20)
            .write(batch)
        let text = try pieces(.newest(try store.reader.series(SeriesFilter()), zone: zone)).joined()
        let expected = Body(series: try store.reader.series())
        #expect(expected.series.filter { $0.value != nil }.count == 2)
        #expect(text == String(decoding: try AnswerCoding.encoder.encode(expected), as: UTF8.self))
    }
}
