import Telemetry

/// A size as people read it: `4.2 MB`.
enum ByteCount {
    static func text(_ bytes: Int64) -> String {
        var value = Double(bytes)
        for unit in ["B", "kB", "MB", "GB"] {
            if value < 1_000 || unit == "GB" {
                return AlertText.number((value * 10).rounded() / 10) + " " + unit
            }
            value /= 1_000
        }
        return "\(bytes) B"
    }
}
