/// What a row of an answer can have: names are the same in SQL views, HTTP and commands.
package protocol AnswerField: RawRepresentable<String>, CaseIterable, Sendable {
    var source: AnswerSource { get }
}

/// Where a figure comes from.
package enum AnswerSource: Sendable {
    /// SQLite is asked for it.
    case sql(String)
    /// The moment of the row.
    case moment
    /// The same in city time.
    case localMoment
    /// `device/measurement`, which is the same for many rows.
    case name
    case unit
}

/// Of a window.
package enum RollupField: String, AnswerField {
    case series, unit
    case startMs = "start_ms"
    case startLocal = "start_local"
    case count, min, max, mean, sum, first, last, p50, p85, p95
    case timeInState = "time_in_state"
    case revision

    /// Of a row `r` of a rollup table, whose moment is its begin.
    package var source: AnswerSource {
        switch self {
        case .series: .name
        case .unit: .unit
        case .startMs: .moment
        case .startLocal: .localMoment
        default: .sql(RollupSchema.figure(self))
        }
    }
}

/// Of a series and its newest reading.
package enum SeriesField: String, AnswerField {
    case series, domain, ward, device, measurement
    case titleVi = "title_vi"
    case titleEn = "title_en"
    case unit, kind
    case timeMs = "time_ms"
    case value, quality

    package var source: AnswerSource {
        switch self {
        case .series: .name
        case .unit: .unit
        default: .sql(sql)
        }
    }

    private var sql: String {
        switch self {
        case .series, .unit: ""
        case .domain, .ward: "device.\(rawValue)"
        case .device: "device.key"
        case .measurement, .titleVi, .titleEn, .kind: "series.\(rawValue)"
        case .timeMs: SeriesBlock.Part.time.sql
        case .value: SeriesBlock.shownValue
        case .quality: SeriesBlock.shownQuality
        }
    }
}
