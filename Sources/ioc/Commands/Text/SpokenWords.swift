import Telemetry

// The words of states as operators read them; files, JSON and the database keep the raw ones.

extension AlertState {
    var spoken: Title {
        switch self {
        case .normal: Title(vi: "bình thường", en: "normal")
        case .pending: Title(vi: "đang chờ", en: "pending")
        case .unacknowledged: Title(vi: "chưa nhận", en: "unacked")
        case .acknowledged: Title(vi: "đã nhận", en: "acked")
        case .returned: Title(vi: "đã hết", en: "returned")
        }
    }

    static func spoken(_ raw: String, _ language: Language) -> String {
        AlertState(rawValue: raw)?.spoken[language] ?? raw
    }
}

extension AlertPriority {
    var spoken: Title {
        switch self {
        case .low: Title(vi: "thấp", en: "low")
        case .medium: Title(vi: "trung bình", en: "medium")
        case .high: Title(vi: "cao", en: "high")
        case .critical: Title(vi: "khẩn cấp", en: "critical")
        }
    }

    static func spoken(_ raw: String, _ language: Language) -> String {
        AlertPriority(rawValue: raw)?.spoken[language] ?? raw
    }
}

extension AlertCause {
    var spoken: Title {
        switch self {
        case .condition: Title(vi: "điều kiện xảy ra", en: "condition")
        case .conditionGone: Title(vi: "điều kiện đã hết", en: "condition gone")
        case .acknowledge: Title(vi: "tiếp nhận", en: "acknowledged")
        case .unacknowledge: Title(vi: "bỏ tiếp nhận", en: "taken back")
        }
    }

    static func spoken(_ raw: String, _ language: Language) -> String {
        AlertCause(rawValue: raw)?.spoken[language] ?? raw
    }
}

extension Freshness {
    var spoken: Title {
        switch self {
        case .fresh: Title(vi: "đúng hạn", en: "fresh")
        case .late: Title(vi: "trễ", en: "late")
        case .silent: Title(vi: "im lặng", en: "silent")
        case .neverReported: Title(vi: "chưa từng báo", en: "never reported")
        }
    }

    static func spoken(_ raw: String, _ language: Language) -> String {
        Freshness(rawValue: raw)?.spoken[language] ?? raw
    }
}
