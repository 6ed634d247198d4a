/// What a message of several devices says of one of them.
package struct DecodedPart: BitwiseCopyable, Sendable {
    /// Its number in the `DeviceDirectory`.
    package var device: Int32
    /// Its first reading; they end where the next part begins.
    package var first: Int
    package var message: DecodedMessage

    package init(device: Int32, first: Int, message: DecodedMessage) {
        self.device = device
        self.first = first
        self.message = message
    }
}

extension DecodedMessage {
    /// Takes what another part of the same message says of the same device.
    package mutating func merge(_ other: DecodedMessage) {
        sequence = max(sequence, other.sequence)
        newestTime = max(newestTime, other.newestTime)
        hasTime = hasTime || other.hasTime
    }
}
