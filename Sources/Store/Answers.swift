package import GRDB
package import Telemetry

/// What reads give back: the same words in SQL views, HTTP and commands (snake case there, camel case here).
package protocol Answer: Codable, Sendable, FetchableRecord {}

extension Answer {
    package static var databaseColumnDecodingStrategy: DatabaseColumnDecodingStrategy {
        .convertFromSnakeCase
    }
}

package struct DeviceAnswer: Answer {
    package var device: String
    package var domain: String
    package var profile: String
    package var system: String?
    package var nameVi: String
    package var nameEn: String
    package var ward: String
    package var lat: Double
    package var lon: Double
    package var cadenceMs: Int64
    package var lastSeenMs: Int64?
    package var lastTimeMs: Int64?
    package var freshness: String
}

package struct SeriesAnswer: Answer {
    /// `device/measurement`.
    package var series: String
    package var domain: String
    package var ward: String
    package var device: String
    package var measurement: String
    package var titleVi: String
    package var titleEn: String
    package var unit: String
    package var kind: String
    /// Newest reading, nil before the first.
    package var timeMs: Int64?
    package var value: Double?
    package var quality: String?
}

package struct RollupAnswer: Answer {
    package var series: String
    package var unit: String
    package var startMs: Int64
    package var startLocal: String
    package var count: Int64
    package var min: Double
    package var max: Double
    package var mean: Double?
    package var sum: Double
    package var first: Double
    package var last: Double
    package var p50: Double?
    package var p85: Double?
    package var p95: Double?
    package var timeInState: String?
    package var revision: Int64
}

package struct ReadingAnswer: Codable, Sendable {
    package var series: String
    package var unit: String
    package var timeMs: Int64
    package var timeLocal: String
    package var value: Double
    package var quality: String
}

package struct AlertAnswer: Answer {
    package var id: Int64
    package var rule: String
    package var device: String
    package var domain: String
    package var ward: String
    package var priority: String
    package var state: String
    package var onsetMs: Int64
    package var raisedMs: Int64
    package var changedMs: Int64
    package var value: Double?
    package var limitValue: Double?
    package var summaryVi: String
    package var summaryEn: String
    package var acknowledgedBy: String?
    package var comment: String?
    package var lead: String
    package var acknowledgedMs: Int64?
    /// Who shelved it or took it out of service, why, and of a shelved one until when.
    package var hiddenBy: String?
    package var hiddenReason: String?
    package var hiddenUntilMs: Int64?
    /// Since when its device has been silent while it stands; nil while it is set aside.
    package var unverifiedSinceMs: Int64?
}

/// A transition as the live streams carry it; `id` is the stream's event id.
package struct AlertEventAnswer: Answer {
    package var id: Int64
    package var alert: Int64
    package var rule: String
    package var device: String
    package var domain: String
    package var ward: String
    package var priority: String
    package var fromState: String
    package var toState: String
    package var cause: String
    package var atMs: Int64
    package var recordedMs: Int64
    package var value: Double?
    package var limitValue: Double?
    package var summaryVi: String
    package var summaryEn: String
    package var `operator`: String?
    package var comment: String?
    package var ruleVersion: String
}

/// A regime that operators switch: whether it is on, since when, and who said so.
package struct RegimeAnswer: Answer {
    package var regime: String
    package var isOn: Bool
    package var sinceMs: Int64
    package var `operator`: String
    package var comment: String?

    package init(regime: String, isOn: Bool, sinceMs: Int64, operator name: String, comment: String?) {
        self.regime = regime
        self.isOn = isOn
        self.sinceMs = sinceMs
        self.operator = name
        self.comment = comment
    }
}

package struct RejectAnswer: Answer {
    package var topic: String
    package var reason: String
    package var count: Int64
    package var firstMs: Int64
    package var lastMs: Int64
    package var faultOffset: Int64
    package var payload: String
}

package struct LossAnswer: Answer {
    package var source: String
    package var domain: String
    package var received: Int64
    package var stored: Int64
    package var rejected: Int64
    package var duplicate: Int64
    package var dropped: Int64
    package var readings: Int64
    package var late: Int64
    package var bad: Int64
    package var duplicateReadings: Int64
    package var unaccounted: Int64
}

package struct GapAnswer: Answer {
    package var kind: String
    package var fromMs: Int64
    package var toMs: Int64
    package var count: Int64
}

extension LossCounters {
    /// The sum over sources and domains.
    package init(_ losses: [LossAnswer]) {
        self.init()
        for loss in losses {
            received += loss.received
            stored += loss.stored
            rejected += loss.rejected
            duplicate += loss.duplicate
            dropped += loss.dropped
            readings += loss.readings
            late += loss.late
            bad += loss.bad
            duplicateReadings += loss.duplicateReadings
        }
    }
}
