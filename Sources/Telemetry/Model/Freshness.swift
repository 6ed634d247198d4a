/// How long a device has been quiet, measured in its own expected cadence.
package enum Freshness: String, Sendable, CaseIterable {
    case fresh
    /// Quiet for more than two cadences.
    case late
    /// Quiet for more than three cadences.
    case silent
    /// In the registry, but never heard.
    case neverReported = "never-reported"

    package static let lateAfterCadences = 2.0
    package static let silentAfterCadences = 3.0

    /// - Parameters:
    ///   - lastSeen: arrival of the last accepted message, nil if there was none.
    package static func of(lastSeen: Milliseconds?, cadence: Milliseconds, now: Milliseconds) -> Freshness {
        guard let lastSeen else { return .neverReported }
        let quiet = Double(now - lastSeen)
        if quiet > silentAfterCadences * Double(cadence) { return .silent }
        if quiet > lateAfterCadences * Double(cadence) { return .late }
        return .fresh
    }
}
