/// Which of a device's last 1024 message numbers were seen.
///
/// A re-sent message carries the time it was first sent with, so one that is newer than everything seen is no re-send:
/// a device that begins again at 0 after a restart is recognised by that.
package struct SequenceWindow: Sendable, Equatable {
    package static let length: Int64 = 1_024

    /// Highest number seen, negative before the first.
    package private(set) var highest: Int64 = -1
    /// Newest event time seen.
    package private(set) var newestTime: Milliseconds = .min
    /// Bit n % 1024 of number n.
    package private(set) var bits: [UInt64] = []

    package init() {}

    package init(highest: Int64, newestTime: Milliseconds, bits: [UInt64]) {
        self.highest = highest
        self.newestTime = newestTime
        self.bits = bits
    }

    /// Notes a message.
    /// - Returns: false if it was seen before, or is too old to tell.
    package mutating func admit(_ sequence: Int64, time: Milliseconds) -> Bool {
        if bits.isEmpty { bits = Array(repeating: 0, count: Int(Self.length) / 64) }
        defer { newestTime = max(newestTime, time) }
        if sequence > highest {
            clear(from: max(highest + 1, sequence - Self.length + 1), through: sequence)
            highest = sequence
        } else if time > newestTime {
            if isSet(sequence) || sequence <= highest - Self.length {
                restart(at: sequence)
                return true
            }
        } else if sequence <= highest - Self.length || isSet(sequence) {
            return false
        }
        set(sequence)
        return true
    }

    private mutating func restart(at sequence: Int64) {
        for word in bits.indices { bits[word] = 0 }
        highest = sequence
        set(sequence)
    }

    private func isSet(_ sequence: Int64) -> Bool {
        bits[Int(sequence % Self.length) / 64] >> UInt64(sequence % 64) & 1 == 1
    }

    private mutating func set(_ sequence: Int64) {
        bits[Int(sequence % Self.length) / 64] |= 1 << UInt64(sequence % 64)
    }

    private mutating func clear(from first: Int64, through last: Int64) {
        guard last - first < Self.length - 1 else {
            for word in bits.indices { bits[word] = 0 }
            return
        }
        for sequence in first...last {
            bits[Int(sequence % Self.length) / 64] &= ~(1 << UInt64(sequence % 64))
        }
    }
}
