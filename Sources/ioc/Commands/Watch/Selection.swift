/// Which alert the operator has chosen.
///
/// It stays on its alert wherever that moves. When the alert goes, nothing is selected: an acknowledgement that was meant for
/// it must not hit the one that took its place.
struct Selection: Sendable, Equatable {
    private(set) var id: Int64?
    /// Where it was, to go on from there.
    private var row: Int?

    mutating func move(by step: Int, in alerts: [OpenAlert]) {
        guard !alerts.isEmpty else { return }
        let present = alerts.firstIndex { $0.id == id }
        // From no alert the first step goes to where the last one was, or to the top.
        let wanted = present.map { $0 + step } ?? (row ?? 0) + (abs(step) == 1 ? 0 : step)
        let place = min(max(wanted, 0), alerts.count - 1)
        row = place
        id = alerts[place].id
    }

    /// The list has changed.
    mutating func keep(in alerts: [OpenAlert]) {
        guard let id else { return }
        if let place = alerts.firstIndex(where: { $0.id == id }) { row = place } else { self.id = nil }
    }
}
