/// What went wrong with a broker, where, and what to do about it, as one sentence for the operator.
package struct BrokerError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Kind: Sendable, Equatable {
        /// Nobody answers there.
        case unreachable
        /// The broker does not let us in, or not do something.
        case refused
        /// No common TLS, or not the broker we expect.
        case tls
        /// Something was there and went away.
        case lost
        /// The settings cannot work.
        case settings
        /// This machine ran out of something.
        case resources
    }

    package let kind: Kind
    package let description: String

    package init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }

    /// False where only a person can help, such as a wrong password.
    package var mayPassByItself: Bool { kind == .unreachable || kind == .lost }
}
