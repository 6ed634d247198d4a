/// Alerts of a flood that are shown in one line.
package struct ConsoleGroup: Sendable, Equatable, Codable {
    /// Area and cause; nil is any.
    package struct Place: Sendable, Hashable, Codable {
        package var domain: String?
        package var ward: String?
        package var rule: String?
    }

    /// Lines that fit a screen.
    package static let most = 20

    package private(set) var place: Place
    package private(set) var count: Int
    /// Whose condition holds.
    package private(set) var standing: Int
    package private(set) var unacknowledged: Int
    package private(set) var worst: AlertPriority
    package private(set) var firstOut: ConsoleEvent
    package private(set) var newestMs: Milliseconds

    init(_ place: Place, _ event: ConsoleEvent) {
        self.place = place
        count = 1
        standing = 0
        unacknowledged = 0
        worst = event.priority
        firstOut = event
        newestMs = event.recordedMs
        note(event.state, 1)
    }

    mutating func move(from: AlertState, to: AlertState) {
        note(from, -1)
        note(to, 1)
    }

    private mutating func note(_ state: AlertState, _ step: Int) {
        if state == .unacknowledged || state == .acknowledged { standing += step }
        if state == .unacknowledged { unacknowledged += step }
    }

    func joined(_ other: ConsoleGroup, _ place: Place) -> ConsoleGroup {
        var sum = self
        sum.place = place
        sum.count += other.count
        sum.standing += other.standing
        sum.unacknowledged += other.unacknowledged
        sum.worst = max(worst, other.worst)
        if other.firstOut.id < firstOut.id { sum.firstOut = other.firstOut }
        sum.newestMs = max(newestMs, other.newestMs)
        return sum
    }

    /// Folds the wards of the rule that has most of them together, then of the next, until few enough are left; then the
    /// rules of domains, then all.
    static func fold(_ groups: [ConsoleGroup]) -> [ConsoleGroup] {
        var groups = groups
        let steps: [(Place) -> Place] = [
            { Place(domain: $0.domain, rule: $0.rule) }, { Place(domain: $0.domain) }, { _ in Place() },
        ]
        for step in steps {
            let parts = Dictionary(grouping: groups) { step($0.place) }
            // By size and then by name, so that everybody sees the same.
            let order = parts.keys.sorted {
                (-parts[$0]!.count, $0.order) < (-parts[$1]!.count, $1.order)
            }
            for place in order where groups.count > most && parts[place]!.count > 1 {
                groups.removeAll { step($0.place) == place }
                let part = parts[place]!
                groups.append(part.dropFirst().reduce(part[0]) { $0.joined($1, place) })
            }
        }
        return groups.sorted { ($1.worst, $1.count, $0.place.order) < ($0.worst, $0.count, $1.place.order) }
    }
}

extension ConsoleGroup.Place {
    fileprivate var order: String { "\(domain ?? "") \(rule ?? "") \(ward ?? "")" }
}
