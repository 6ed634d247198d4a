import Telemetry

/// What a rule makes of readings. In English as rules write it, so that it is found in them and in the documents.
enum SpokenFigure {
    /// - Parameter text: the word of a figure, with its level behind it if it has one: `rises_to 5`.
    static func of(_ text: String, _ language: Language) -> String {
        guard language == .vi, let word = text.split(separator: " ").first.map(String.init),
            let spoken = vietnamese[word]
        else { return text }
        return spoken + text.dropFirst(word.count)
    }

    static let vietnamese = [
        "mean": "trung bình", "min": "nhỏ nhất", "max": "lớn nhất", "sum": "tổng", "count": "số lần đo",
        "last": "giá trị cuối", "range": "chênh lệch", "change": "mức thay đổi",
        "rate": "mức thay đổi mỗi giờ", "p50": "trung vị", "p85": "phân vị 85", "p95": "phân vị 95",
        "flat_within": "dao động", "deviates": "độ lệch so với thường lệ",
        "deviates_above": "cao hơn thường lệ", "deviates_below": "thấp hơn thường lệ",
        "rises_to": "giờ đến khi tăng tới", "falls_to": "giờ đến khi giảm tới",
        "share_of": "tỷ lệ thiết bị theo", "count_of": "số thiết bị theo", "mean_of": "trung bình nhóm của",
        "freshness": "tình trạng liên lạc", "month": "tháng", "quarter": "quý", "year": "năm",
    ]
}
