/// Lengths of time as files and commands write them: `500ms`, `90s`, `5m`, `1h`, `7d`.
package enum Span {
    package static let second: Milliseconds = 1_000
    package static let minute: Milliseconds = 60_000
    package static let hour: Milliseconds = 3_600_000
    package static let day: Milliseconds = 86_400_000

    /// A century: longer ones are slips of the pen, and sums with them would overflow.
    package static let longest = 36_500 * day

    private static let units: [(suffix: String, length: Milliseconds)] = [
        ("ms", 1), ("s", second), ("m", minute), ("h", hour), ("d", day),
    ]

    /// - Returns: milliseconds, or nil if `text` is not a whole number followed by a unit, or longer than `longest`.
    package static func parse(_ text: String) -> Milliseconds? {
        for (suffix, length) in units where text.hasSuffix(suffix) {
            guard let number = Int64(text.dropLast(suffix.count)), number >= 0 else { continue }
            let (product, overflow) = number.multipliedReportingOverflow(by: length)
            return overflow || product > longest ? nil : product
        }
        return nil
    }

    /// The shortest exact form: `90000` is `90s`, `300000` is `5m`.
    package static func format(_ length: Milliseconds) -> String {
        if length == 0 { return "0s" }
        for (suffix, unit) in units.reversed() where length % unit == 0 && length >= unit {
            return "\(length / unit)\(suffix)"
        }
        return "\(length)ms"
    }
}
