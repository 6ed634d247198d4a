public import Synchronization

/// A counter that one thread advances and the other reads.
///
/// Padded to two cache lines on each side: x86 prefetches lines in pairs, so with 64 bytes the two ends of the ring
/// would still slow each other down.
public struct Sequence: ~Copyable {
    private let before: Padding = Padding()
    public let value = Atomic<UInt64>(0)
    private let after: Padding = Padding()

    public init() {}

    /// What the owner itself has written; needs no ordering.
    @inlinable public var own: UInt64 { value.load(ordering: .relaxed) }

    /// What the other side has made visible, with everything it wrote before.
    @inlinable public var observed: UInt64 { value.load(ordering: .acquiring) }

    /// Makes everything written so far visible to the other side.
    @inlinable public func advance(to position: UInt64) { value.store(position, ordering: .releasing) }
}

/// 128 bytes of nothing.
private struct Padding: BitwiseCopyable {
    private let bytes: (SIMD64<UInt8>, SIMD64<UInt8>) = (.zero, .zero)
}
