/// The last 16 event times of a series: how a re-send is recognised where a device numbers nothing.
///
/// Times are kept modulo 2^32 ms: two that are whole multiples of 49.7 days apart, to the millisecond, look the same.
package struct RecentTimes: BitwiseCopyable, Sendable, Equatable {
    package static let length = 16

    /// Not one vector, whose alignment would make every series larger by half.
    private var times = InlineArray<16, UInt32>(repeating: 0)
    private var next: UInt8 = 0
    private var count: UInt8 = 0

    package init() {}

    package var isEmpty: Bool { count == 0 }

    package static func == (left: Self, right: Self) -> Bool {
        left.next == right.next && left.count == right.count
            && left.times.indices.allSatisfy { left.times[$0] == right.times[$0] }
    }

    /// Notes a time.
    /// - Returns: false if it is among the last 16.
    package mutating func admit(_ time: Milliseconds) -> Bool {
        let short = UInt32(truncatingIfNeeded: time)
        for index in 0..<Int(count) where times[index] == short { return false }
        times[Int(next)] = short
        next = (next + 1) % UInt8(Self.length)
        count = min(count + 1, UInt8(Self.length))
        return true
    }

    package static var encodedLength: Int { MemoryLayout<RecentTimes>.size }

    /// 66 bytes; zeros where there are no times.
    package func encode(into bytes: UnsafeMutableRawBufferPointer) {
        withUnsafeBytes(of: self) { bytes.copyMemory(from: $0) }
    }

    package init?(decoding bytes: [UInt8]) {
        guard bytes.count == Self.encodedLength else { return nil }
        self = bytes.withUnsafeBytes { $0.loadUnaligned(as: RecentTimes.self) }
    }
}
