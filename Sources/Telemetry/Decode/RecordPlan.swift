/// A profile compiled for the hot path: which field goes where. No strings, no references per measurement.
package struct RecordPlan: Sendable {
    /// Where a field is kept while a message is read.
    package struct Slot: BitwiseCopyable, Sendable, Equatable {
        package var index: Int16
        /// In the record (element, row) or in the message around it.
        package var isInRecord: Bool
        package init(index: Int, isInRecord: Bool) {
            self.index = Int16(index)
            self.isInRecord = isInRecord
        }
    }

    package struct Column: BitwiseCopyable, Sendable {
        package var value: Slot
        /// Denominator of a ratio.
        package var denominator: Slot?
        package var scale = 1.0
        package var offset = 0.0
        package var low = -Double.infinity
        package var high = Double.infinity
        /// Value when absent; NaN if there is none.
        package var fallback = Double.nan
        package var numbersAreText = false
        package var decimal = UInt8(ascii: ".")
        package var sentinels = SentinelRange()
        package var reduction: Reduction?
        /// Range in `words`.
        package var firstWord: Int32 = 0
        package var wordCount: Int32 = 0
        /// Where the payload names its unit.
        package var unit: Slot?
        package var needsUnit = false
        /// Range in `units`.
        package var firstUnit: Int32 = 0
        package var unitCount: Int32 = 0
        package init(value: Slot) { self.value = value }

        /// Whether a number found is the value, but for scale, offset and limits.
        var isPlain: Bool {
            denominator == nil && sentinels.count == 0 && wordCount == 0 && unit == nil
        }
    }

    /// A field that makes a message none if it says one of some words, or, without words, if it is there.
    package struct Exception: BitwiseCopyable, Sendable {
        var field: Slot
        var firstWord: Int32
        var wordCount: Int32
    }

    package struct Word: BitwiseCopyable, Sendable {
        var start: Int32
        var count: Int32
        var value: Double
    }

    /// A spelling of a unit, with what makes values in it the measurement's.
    package struct UnitSpelling: BitwiseCopyable, Sendable {
        var start: Int32
        var count: Int32
        var scale: Double
        var offset: Double
    }

    package var messageSlots = 0
    package var recordSlots = 0
    /// One per measurement, in the profile's order.
    package var columns: [Column] = []
    package var time: Slot?
    package var timeFormat: TimeFormat = .unixMilliseconds
    package var interval: IntervalEdge?
    package var sequence: Slot?
    package var device: Slot?
    package var devicePrefix: [UInt8] = []
    /// Whether `device` says whose a record is, and not whether it is the topic's.
    package var namesDevices = false
    package private(set) var exceptions: [Exception] = []
    /// Whether a record without a time is of the moment of arrival, in formats whose records have a place for one.
    package var timeIsOptional = false
    /// Tag that names the device, for `line-protocol`.
    package var deviceTag: [UInt8]?
    /// Where a binary payload stands as base64; nil if it comes as it is.
    package var payload: Slot?
    /// Where each slot's JSON value is found; empty where fields are named.
    package var paths = JSONPathTree()
    /// What the record slots are called, where fields are named.
    package var names = FieldNames()
    package private(set) var words: [Word] = []
    private(set) var sentinels: [Sentinel] = []
    package private(set) var units: [UnitSpelling] = []
    /// Bytes of all words, units and sentinels.
    package private(set) var wordBytes: [UInt8] = []

    package init() {}

    /// Adds the words of an enum and returns their range for a column.
    package mutating func addWords(_ list: [(word: String, value: Double)]) -> (first: Int32, count: Int32) {
        let first = Int32(words.count)
        for (word, value) in list {
            words.append(Word(start: Int32(wordBytes.count), count: Int32(word.utf8.count), value: value))
            wordBytes.append(contentsOf: word.utf8)
        }
        return (first, Int32(list.count))
    }

    /// Adds the units a payload may name and returns their range for a column.
    package mutating func addUnits(_ list: [Wire.Field.UnitSpelling]) -> (first: Int32, count: Int32) {
        let first = Int32(units.count)
        for unit in list {
            units.append(
                UnitSpelling(
                    start: Int32(wordBytes.count), count: Int32(unit.text.utf8.count), scale: unit.scale,
                    offset: unit.offset))
            wordBytes.append(contentsOf: unit.text.utf8)
        }
        return (first, Int32(list.count))
    }

    package mutating func addException(_ field: Slot, says words: [String]) {
        let (first, count) = addWords(words.map { ($0, 0) })
        exceptions.append(Exception(field: field, firstWord: first, wordCount: count))
    }

    /// Adds what a device sends in place of a value and returns its range for a column.
    package mutating func addSentinels(_ list: [String]) -> SentinelRange {
        let range = SentinelRange(first: Int32(sentinels.count), count: Int32(list.count))
        for text in list {
            var text = text
            let number = text.withUTF8 { NumberScanner.parse($0) }
            sentinels.append(
                Sentinel(
                    start: Int32(wordBytes.count), count: Int32(text.utf8.count), number: number ?? .nan))
            wordBytes.append(contentsOf: text.utf8)
        }
        return range
    }

    /// Whether `field` is one of the numbers or texts that stand for no value.
    @inline(__always)
    func isSentinel(_ field: FieldValue, _ range: SentinelRange, in payload: UnsafePointer<UInt8>) -> Bool {
        range.count > 0 && isSentinelSlowly(field, range, payload)
    }

    private func isSentinelSlowly(
        _ field: FieldValue, _ range: SentinelRange, _ payload: UnsafePointer<UInt8>
    ) -> Bool {
        for sentinel in sentinels[range.indices] {
            switch field.kind {
            case .number where field.number == sentinel.number: return true
            case .text, .escapedText:
                let isSame = wordBytes.withUnsafeBufferPointer { bytes in
                    let start = Int(sentinel.start)
                    return field.says(
                        UnsafeBufferPointer(rebasing: bytes[start..<start + Int(sentinel.count)]), in: payload
                    )
                }
                if isSame { return true }
            default: break
            }
        }
        return false
    }

    /// Whether a number that was written as text is a sentinel written in another way: `-999.0` for `-999`.
    func isSentinel(_ number: Double, _ range: SentinelRange) -> Bool {
        range.count > 0 && sentinels[range.indices].contains { $0.number == number }
    }
}

/// A number or a text that devices send in place of a value.
struct Sentinel: BitwiseCopyable, Sendable {
    var start: Int32
    var count: Int32
    /// The text as a number, NaN if it is none.
    var number: Double
}

/// A column's sentinels in its plan.
package struct SentinelRange: BitwiseCopyable, Sendable, Hashable {
    var first: Int32 = 0
    var count: Int32 = 0
    var indices: Range<Int> { Int(first)..<Int(first + count) }
    package init() {}
    init(first: Int32, count: Int32) {
        self.first = first
        self.count = count
    }
}

/// A message as all formats report it, before its readings get their series.
package struct DecodedMessage: BitwiseCopyable, Sendable {
    /// The device's own message number, negative if it gives none.
    package var sequence: Int64 = -1
    /// Newest event time of its readings.
    package var newestTime: Milliseconds = .min
    /// Whether the times are the device's own, not of arrival.
    package var hasTime = false
    /// The first part that was refused while the others are good; nil if the message was taken whole.
    package var partial: Rejection?
    /// How many parts were refused.
    package var refusedParts = 0

    package init() {}

    /// Notes a part that cannot be used.
    mutating func refuse(part rejection: Rejection) {
        if partial == nil { partial = rejection }
        refusedParts += 1
    }
}
