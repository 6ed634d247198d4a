/// The last 16 event times of a series: how a re-send is recognised where a device numbers nothing.
package struct RecentTimes: BitwiseCopyable, Sendable, Equatable {
    package static let length = 16

    private var times: (SIMD16<UInt32>) = .zero
    private var next: UInt8 = 0
    private var count: UInt8 = 0
    /// Newest time seen; times are kept as distances to the epoch modulo 2^32 ms (49 days).
    private var newest: Milliseconds = .min

    package init() {}

    /// Notes a time.
    /// - Returns: false if it is among the last 16.
    package mutating func admit(_ time: Milliseconds) -> Bool {
        let short = UInt32(truncatingIfNeeded: time)
        // Further apart than the modulus, equal remainders mean nothing.
        if newest == .min || newest - time < 1 << 31 {
            for index in 0..<Int(count) where times[index] == short { return false }
        }
        times[Int(next)] = short
        next = (next + 1) % UInt8(Self.length)
        count = min(count + 1, UInt8(Self.length))
        newest = max(newest, time)
        return true
    }

    /// 80 bytes.
    package func encode() -> [UInt8] {
        withUnsafeBytes(of: self) { Array($0) }
    }

    package init?(decoding bytes: [UInt8]) {
        guard bytes.count == MemoryLayout<RecentTimes>.size else { return nil }
        self = bytes.withUnsafeBytes { $0.loadUnaligned(as: RecentTimes.self) }
    }
}
