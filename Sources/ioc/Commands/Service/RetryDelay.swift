import Telemetry

/// How long to wait before the next attempt to reach the service: twice as long every time, up to five seconds.
struct RetryDelay: Sendable {
    static let longest = Duration.seconds(5)
    private static let shortest = Duration.milliseconds(500)

    private var upcoming = shortest

    mutating func next() -> Duration {
        defer { upcoming = min(upcoming * 2, Self.longest) }
        return upcoming
    }

    static func sentence(_ wait: Duration, _ language: Language) -> String {
        let seconds = AlertText.number(
            Double(wait.components.seconds) + Double(wait.components.attoseconds) / 1e18)
        return language(vi: "thử lại sau \(seconds) s", en: "trying again in \(seconds) s")
    }

    /// The service answered.
    /// - Parameter wanted: milliseconds it asked to wait, nil if it did not.
    mutating func reset(wanted: Int?) {
        let wanted = wanted.map { Duration.milliseconds(min($0, 5_000)) }
        upcoming = min(max(wanted ?? Self.shortest, Self.shortest), Self.longest)
    }
}
