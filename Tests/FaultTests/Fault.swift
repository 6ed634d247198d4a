/// What can go wrong around the service.
enum Fault: String, CaseIterable, Sendable {
    case killAnywhere, killAfterRead, killBeforeCommit, killAfterCommit, killInAcknowledgements
    case brokerRestart, brokerKill, sessionDeleted
    case reset, blackHole, halfOpen, oneByteSlices, slowLink
    case diskFull, fileSizeLimit, syncError, slowSync
    case clockAhead, clockBehind, malformedBurst, reload

    static let kills: [Fault] = [
        .killAnywhere, .killAfterRead, .killBeforeCommit, .killAfterCommit, .killInAcknowledgements,
    ]

    var isKill: Bool { Self.kills.contains(self) }

    /// Three kills to each other fault.
    static func any(_ random: inout some RandomNumberGenerator) -> Fault {
        if Int.random(in: 0..<4, using: &random) < 3 { return kills.randomElement(using: &random)! }
        return allCases.filter { !$0.isKill }.randomElement(using: &random)!
    }
}
