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
}
