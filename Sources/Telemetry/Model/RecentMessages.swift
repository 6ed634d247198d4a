/// Fingerprints of a device's last 64 messages: how a re-send is recognised where a device gives times but no numbers.
///
/// A re-sent message has the same bytes; two different readings with their own times never have.
package struct RecentMessages: Sendable, Equatable {
    package static let length = 64

    package private(set) var fingerprints: [UInt64] = []
    package private(set) var next = 0

    package init() {}

    package init(fingerprints: [UInt64], next: Int) {
        self.fingerprints = Array(fingerprints.prefix(Self.length))
        self.next = next % Self.length
    }

    /// Notes a message.
    /// - Returns: false if it is among the last 64.
    package mutating func admit(_ fingerprint: UInt64) -> Bool {
        if fingerprints.contains(fingerprint) { return false }
        if fingerprints.count < Self.length {
            fingerprints.append(fingerprint)
        } else {
            fingerprints[next] = fingerprint
        }
        next = (next + 1) % Self.length
        return true
    }
}
