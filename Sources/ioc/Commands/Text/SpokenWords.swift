import Telemetry

// The words of states as operators read them; files, JSON and the database keep the raw ones.

/// A word of files, JSON and the database that operators read in their language.
protocol Spoken: RawRepresentable<String> {
    var spoken: Title { get }
}

extension Spoken {
    /// What is no such word is shown as it is: a newer service may say more.
    static func spoken(_ raw: String, _ language: Language) -> String {
        Self(rawValue: raw)?.spoken[language] ?? raw
    }
}

extension AlertState: Spoken {
    var spoken: Title {
        switch self {
        case .normal: Title(vi: "bình thường", en: "normal")
        case .pending: Title(vi: "đang chờ", en: "pending")
        case .unacknowledged: Title(vi: "chưa nhận", en: "unacked")
        case .acknowledged: Title(vi: "đã nhận", en: "acked")
        case .returned: Title(vi: "đã hết", en: "returned")
        case .latched: Title(vi: "chờ đặt lại", en: "latched")
        case .shelved: Title(vi: "gác lại", en: "shelved")
        case .suppressed: Title(vi: "bị nén", en: "suppressed")
        case .outOfService: Title(vi: "ngừng dùng", en: "out of service")
        }
    }
}

extension AlertPriority: Spoken {
    var spoken: Title {
        switch self {
        case .low: Title(vi: "thấp", en: "low")
        case .medium: Title(vi: "trung bình", en: "medium")
        case .high: Title(vi: "cao", en: "high")
        case .critical: Title(vi: "khẩn cấp", en: "critical")
        }
    }
}

extension AlertCause: Spoken {
    var spoken: Title {
        switch self {
        case .condition: Title(vi: "điều kiện xảy ra", en: "condition")
        case .conditionGone: Title(vi: "điều kiện đã hết", en: "condition gone")
        case .acknowledge: Title(vi: "tiếp nhận", en: "acknowledged")
        case .unacknowledge: Title(vi: "bỏ tiếp nhận", en: "taken back")
        case .reset: Title(vi: "đặt lại", en: "reset")
        case .acknowledgementAged: Title(vi: "tiếp nhận quá lâu", en: "acknowledged too long ago")
        case .escalated: Title(vi: "chuyển cấp trên", en: "escalated")
        case .unverified: Title(vi: "mất tín hiệu, chưa kiểm chứng", en: "silent, unverified")
        case .verified: Title(vi: "có tín hiệu lại", en: "heard again")
        case .suppressionEnded: Title(vi: "cổng kết nối trở lại", en: "gateway is back")
        case .takenOutOfService: Title(vi: "ngừng dùng", en: "taken out of service")
        case .putIntoService: Title(vi: "dùng lại", en: "put into service")
        case .shelve: Title(vi: "gác lại", en: "shelved")
        case .unshelve: Title(vi: "thôi gác", en: "unshelved")
        case .shelfEnds: Title(vi: "sắp hết hạn gác", en: "shelf ends soon")
        case .shelfEnded: Title(vi: "hết hạn gác", en: "shelf ended")
        case .ruleRemoved: Title(vi: "quy tắc hoặc thiết bị đã gỡ bỏ", en: "rule or device removed")
        }
    }
}

extension NotificationState: Spoken {
    var spoken: Title {
        switch self {
        case .queued: Title(vi: "chờ", en: "queued")
        case .sent: Title(vi: "đang gửi", en: "sent")
        case .delivered: Title(vi: "đã đến", en: "delivered")
        case .acknowledged: Title(vi: "đã tiếp nhận", en: "acknowledged")
        case .failed: Title(vi: "hỏng", en: "failed")
        case .digested: Title(vi: "gộp", en: "digested")
        case .spared: Title(vi: "khỏi gửi", en: "spared")
        }
    }
}

extension NotificationOccasion {
    var spoken: Title {
        switch self {
        case .raised: Title(vi: "xảy ra", en: "raised")
        case .escalated: Title(vi: "chuyển cấp trên", en: "escalated")
        case .returned: Title(vi: "đã hết", en: "returned")
        }
    }

    /// A digest is of no one occasion.
    static func spoken(_ raw: String, _ language: Language) -> String {
        NotificationOccasion(rawValue: raw)?.spoken[language] ?? language(vi: "tin gộp", en: "digest")
    }
}

/// The word of a stretch in which messages may have been lost.
enum SpokenGap {
    static func of(_ raw: String, _ language: Language) -> String {
        switch Gap.Kind(rawValue: raw) {
        case .sessionLost: language(vi: "broker quên phiên", en: "the broker forgot our session")
        case .brokerDropped: language(vi: "broker đã bỏ tin", en: "the broker dropped messages")
        case nil: raw
        }
    }
}

extension Freshness: Spoken {
    var spoken: Title {
        switch self {
        case .fresh: Title(vi: "đúng hạn", en: "fresh")
        case .late: Title(vi: "trễ", en: "late")
        case .silent: Title(vi: "im lặng", en: "silent")
        case .neverReported: Title(vi: "chưa từng báo", en: "never reported")
        }
    }
}
