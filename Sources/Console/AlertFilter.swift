import Store

/// Which alert events a client wants.
struct AlertFilter: Sendable {
    var domain: String?
    var ward: String?
    var priority: String?

    init(_ query: QueryParameters) throws(Fault) {
        domain = try query.text("domain")
        ward = try query.text("ward")
        priority = try query.word("priority", of: AlertRoutes.priorities)
    }

    func matches(_ event: AlertEventAnswer) -> Bool {
        (domain ?? event.domain) == event.domain && (ward ?? event.ward) == event.ward
            && (priority ?? event.priority) == event.priority
    }
}
