/// What a profile says of a SenML pack. Flat, so that reading it counts no references.
package struct SenMLPlan: Sendable {
    struct Column: Sendable {
        /// Last part of the resolved name, in `bytes`.
        var name: Range<Int>
        /// Whether the sum (`s`) is meant, not the value.
        var isSum: Bool
        /// For records without a unit.
        var scale: Double
        var offset: Double
        var low: Double
        var high: Double
        /// Its units, in `spellings`.
        var units: Range<Int>
        var words: Range<Int>
    }

    struct Spelling: Sendable {
        var text: Range<Int>
        var scale: Double
        var offset: Double
    }

    struct Word: Sendable {
        var text: Range<Int>
        var value: Double
    }

    private(set) var bytes: [UInt8] = []
    /// One per measurement, in the profile's order.
    private(set) var columns: [Column] = []
    private(set) var spellings: [Spelling] = []
    private(set) var words: [Word] = []
    /// Label of the sequence number, an extension of ours (`sq`).
    let sequence: [UInt8]?

    /// Whether names say whose a record is, and not whether it is the topic's.
    let namesDevices: Bool

    init(sequence: String?, namesDevices: Bool = false) {
        self.sequence = sequence.map { Array($0.utf8) }
        self.namesDevices = namesDevices
    }

    /// - Parameters:
    ///   - name: last part of the resolved name, in `sum(…)` if its sum is meant. No name has brackets.
    ///   - limits: what is valid, in the measurement's unit.
    mutating func add(_ field: Wire.Field, name: String, limits: ClosedRange<Double>) {
        let own = Self.nameOfSum(name)
        let units = field.unitSpellings.map {
            Spelling(text: keep($0.text), scale: $0.scale, offset: $0.offset)
        }
        let words = field.words.map { Word(text: keep($0.word), value: $0.value) }
        columns.append(
            Column(
                name: keep(own ?? name), isSum: own != nil, scale: field.scale, offset: field.offset,
                low: limits.lowerBound, high: limits.upperBound,
                units: spellings.count..<spellings.count + units.count,
                words: self.words.count..<self.words.count + words.count))
        spellings += units
        self.words += words
    }

    /// The name inside `sum(…)`, nil if a value is meant.
    package static func nameOfSum(_ field: String) -> String? {
        guard field.hasPrefix("sum("), field.hasSuffix(")") else { return nil }
        return String(field.dropFirst(4).dropLast())
    }

    /// Whether a name may have the byte (RFC 8428 section 4.5.1).
    package static func isOfName(_ byte: UInt8) -> Bool {
        SenMLName.isAlphanumeric(byte) || (0x2D...0x2F).contains(byte) || byte == UInt8(ascii: ":")
            || byte == UInt8(ascii: "_")
    }

    private mutating func keep(_ text: String) -> Range<Int> {
        let start = bytes.count
        bytes.append(contentsOf: text.utf8)
        return start..<bytes.count
    }

    /// The spelling of `units` that `unit` says; nil if none does.
    @inline(__always)
    func spelling(_ unit: FieldValue, _ units: Range<Int>, in payload: UnsafePointer<UInt8>) -> Spelling? {
        bytes.withUnsafeBufferPointer { bytes in
            for index in units {
                let spelling = spellings[index]
                if unit.says(UnsafeBufferPointer(rebasing: bytes[spelling.text]), in: payload) {
                    return spelling
                }
            }
            return nil
        }
    }

    @inline(__always)
    func word(_ field: FieldValue, _ words: Range<Int>, in payload: UnsafePointer<UInt8>) -> Double? {
        bytes.withUnsafeBufferPointer { bytes in
            for index in words {
                let word = self.words[index]
                if field.says(UnsafeBufferPointer(rebasing: bytes[word.text]), in: payload) {
                    return word.value
                }
            }
            return nil
        }
    }
}
