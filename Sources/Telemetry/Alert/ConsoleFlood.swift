/// The alerts of a flood, counted by area and cause. What is counted is stored elsewhere, one by one.
package struct ConsoleFlood: Sendable {
    /// Pinned at a time, with the first-out.
    package static let mostPinned = 10

    package let since: Milliseconds
    package private(set) var count = 0
    private let firstOut: Int64
    private var groups: [ConsoleGroup.Place: ConsoleGroup] = [:]
    /// Those that are not over.
    private var members: [Int64: Member] = [:]
    /// The first-out and the critical ones, until they are over.
    private var pins: [Int64: ConsoleEvent] = [:]

    private struct Member {
        var place: ConsoleGroup.Place
        var state: AlertState
    }

    /// - Parameter first: the alerts that made it one, in their order.
    init(_ first: [ConsoleEvent], since: Milliseconds) {
        self.since = since
        firstOut = first[0].alert
        var seen: Set<Int64> = []
        for event in first where seen.insert(event.alert).inserted { add(event) }
    }

    /// A new alert, or one that comes back.
    mutating func add(_ event: ConsoleEvent) {
        guard members[event.alert] == nil else { return }
        let place = ConsoleGroup.Place(domain: event.domain, ward: event.ward, rule: event.rule)
        if event.state != .normal { members[event.alert] = Member(place: place, state: event.state) }
        count += 1
        let group = ConsoleGroup(place, event)
        groups[place] = groups[place].map { $0.joined(group, place) } ?? group
        if event.priority == .critical && event.state != .normal || event.alert == firstOut {
            pins[event.alert] = event
        }
    }

    /// A transition; of one that is not of the flood it changes nothing.
    mutating func follow(_ event: ConsoleEvent) {
        guard let member = members[event.alert] else { return }
        groups[member.place]?.move(from: member.state, to: event.state)
        if event.state == .normal {
            members[event.alert] = nil
            if event.alert != firstOut { pins[event.alert] = nil }
        } else {
            members[event.alert]?.state = event.state
        }
        pins[event.alert]?.state = event.state
    }

    /// The first-out, then the critical ones that are not over, the oldest first; and how many more there are.
    package var pinned: (shown: [ConsoleEvent], more: Int) {
        let sorted = pins.values.sorted {
            ($0.alert == firstOut ? 0 : 1, $0.id) < ($1.alert == firstOut ? 0 : 1, $1.id)
        }
        return (Array(sorted.prefix(Self.mostPinned)), max(sorted.count - Self.mostPinned, 0))
    }

    /// At most `ConsoleGroup.most`, the worst and then the largest first.
    package var folded: [ConsoleGroup] { ConsoleGroup.fold(Array(groups.values)) }
}
