/// A way to break a message.
enum Mischief: CaseIterable {
    case truncated
    case words
    case notANumber
    case tooDeep
    case unknownDevice
    case empty

    static func any(_ bits: UInt64) -> Mischief { allCases[Int(bits % UInt64(allCases.count))] }

    /// What stands in place of every value.
    var value: [UInt8]? {
        switch self {
        case .words: Array("\"n/a\"".utf8)
        case .notANumber: Array("NaN".utf8)
        case .tooDeep: Array((String(repeating: "[", count: 40) + String(repeating: "]", count: 40)).utf8)
        case .truncated, .unknownDevice, .empty: nil
        }
    }

    /// Breaks a written payload.
    func spoil(_ payload: inout [UInt8], _ bits: UInt64) {
        switch self {
        case .truncated: payload.removeLast(payload.count - Int(bits % UInt64(max(payload.count, 1))))
        case .empty: payload.removeAll(keepingCapacity: true)
        case .words, .notANumber, .tooDeep, .unknownDevice: break
        }
    }
}
