import Telemetry

/// How a control room sorts alerts: unacknowledged, returned, latched, acknowledged, then priority, then the newest first.
enum ConsoleOrder {
    static func sorted(_ alerts: some Sequence<OpenAlert>) -> [OpenAlert] { alerts.sorted(by: precedes) }

    static func precedes(_ left: OpenAlert, _ right: OpenAlert) -> Bool {
        if rank(left.state) != rank(right.state) { return rank(left.state) < rank(right.state) }
        if left.priority != right.priority { return left.priority > right.priority }
        if left.raised != right.raised { return left.raised > right.raised }
        return left.id > right.id
    }

    private static func rank(_ state: AlertState) -> Int {
        switch state {
        case .unacknowledged: 0
        case .returned: 1
        case .latched: 2
        case .acknowledged: 3
        case .shelved, .suppressed, .outOfService, .pending, .normal: 4
        }
    }
}
