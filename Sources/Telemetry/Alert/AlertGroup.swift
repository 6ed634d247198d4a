/// What a rule asks of several devices at once: one instance for each ward, domain or tag.
package struct AlertGroup: Sendable, Equatable {
    package enum Division: String, Sendable, CaseIterable {
        case ward, domain, tag
    }

    package enum Figure: Sendable, Equatable {
        /// Of the members that are known, how many are in the condition, from 0 to 1.
        case share(of: AlertCondition)
        /// How many members are in the condition.
        case count(of: AlertCondition)
        /// The mean of what the members that are known say.
        case mean(of: AlertSignal)

        /// As rules write it.
        package var text: String {
            switch self {
            case .share: "share_of"
            case .count: "count_of"
            case .mean: "mean_of"
            }
        }
    }

    package var division: Division
    package var figure: Figure
    package var limit: AlertLimit
    /// With fewer members that are known it says nothing.
    package var fewest: Int

    package init(division: Division, figure: Figure, limit: AlertLimit, fewest: Int) {
        self.division = division
        self.figure = figure
        self.limit = limit
        self.fewest = fewest
    }

    /// Those asked of each member.
    package var thresholds: [AlertThreshold] { AlertCondition.group(self).ofEach.thresholds }

    /// One member as it stands: nil where that is not known.
    struct Member {
        var holds: Bool?
        var value: Double?
    }

    /// - Returns: nil if too few are known: of a small part of the members nothing follows for all of them, and after a restart
    ///   they become known one after the other.
    func value(of members: [Member]) -> Double? {
        let isMean = if case .mean = figure { true } else { false }
        let known = members.filter { isMean ? $0.value != nil : $0.holds != nil }
        guard known.count >= fewest, known.count * 2 >= members.count, !known.isEmpty else { return nil }
        let holding = Double(known.count { $0.holds == true })
        switch figure {
        case .share: return holding / Double(known.count)
        case .count: return holding
        case .mean: return known.reduce(0) { $0 + ($1.value ?? 0) } / Double(known.count)
        }
    }
}
