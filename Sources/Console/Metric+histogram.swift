extension Metric {
    /// The lines of a histogram.
    /// - Parameters:
    ///   - bounds: upper bounds, rising.
    ///   - counts: how many were within each bound and beyond the one before; the last beyond all.
    package static func histogram(
        _ name: String, _ help: String, bounds: [Double], counts: [Int64], sum: Double
    ) -> [Metric] {
        var total: Int64 = 0
        var lines = zip(bounds + [.infinity], counts).map { bound, count in
            total += count
            return Metric(
                name, help, .histogram, suffix: "_bucket", labels: [("le", MetricsText.number(bound))],
                value: Double(total))
        }
        lines.append(Metric(name, help, .histogram, suffix: "_sum", value: sum))
        lines.append(Metric(name, help, .histogram, suffix: "_count", value: Double(total)))
        return lines
    }
}
