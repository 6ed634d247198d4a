/// Dense index of a series (device × measurement). Given out once by the store and never reused.
public struct SeriesID: Hashable, Comparable, BitwiseCopyable, Sendable {
    public let rawValue: UInt32
    @inlinable public init(_ rawValue: UInt32) { self.rawValue = rawValue }
    @inlinable public var index: Int { Int(rawValue) }
    @inlinable public static func < (left: SeriesID, right: SeriesID) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// Dense index of a device. Given out once by the store and never reused.
package struct DeviceID: Hashable, Comparable, BitwiseCopyable, Sendable {
    package let rawValue: UInt32
    @inlinable package init(_ rawValue: UInt32) { self.rawValue = rawValue }
    @inlinable package var index: Int { Int(rawValue) }
    @inlinable package static func < (left: DeviceID, right: DeviceID) -> Bool {
        left.rawValue < right.rawValue
    }

    /// Stands for "no device of the registry".
    package static let none = DeviceID(.max)
}

/// Milliseconds since 1970-01-01T00:00:00Z.
public typealias Milliseconds = Int64
