/// Why the service cannot start: what, where, and what to do.
struct ServiceFault: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
