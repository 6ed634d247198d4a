extension AlertEngine {
    /// - Returns: the transition, nil if the alert is not in a state that allows it or is not known.
    package mutating func apply(_ command: AlertCommand, at now: Milliseconds) -> AlertEvent? {
        guard let index = index(rule: command.identity.rule, scope: command.identity.scope),
            command.action.isOfService || instances[index].machine.onset == command.identity.onset
        else { return nil }
        let before = instances[index].machine
        let latches = rule(of: index).conduct.latches
        let transition =
            switch command.action {
            case .acknowledge: instances[index].machine.acknowledge(at: now, latches: latches)
            case .unacknowledge: instances[index].machine.unacknowledge(at: now)
            case .reset: instances[index].machine.reset(at: now)
            case .shelve(let until, let isOneShot):
                instances[index].machine.shelve(until: until, isOneShot: isOneShot, at: now)
            case .unshelve: instances[index].machine.unshelve(at: now)
            case .takeOutOfService: instances[index].machine.takeOutOfService(at: now)
            case .putIntoService: instances[index].machine.putIntoService(at: now)
            }
        guard let transition else { return nil }
        if transition.from.isHidden, !transition.to.isHidden {
            noteStanding(index, transition, before, command)
        } else {
            note(index, transition, before, value: nil, limit: nil, command)
        }
        return events.last
    }

    /// Switches a regime, and has every rule that knows it judged anew.
    /// - Returns: false if there is no such regime, or it is so already.
    package mutating func `switch`(_ regime: String, on isOn: Bool, at now: Milliseconds) -> Bool {
        guard times.regimes.contains(where: { $0.name == regime }), regimes.contains(regime) != isOn else {
            return false
        }
        if isOn { regimes.insert(regime) } else { regimes.remove(regime) }
        for index in instances.indices where rule(of: index).times.contains(regime) {
            push(index, due: .min)
        }
        return true
    }
}
