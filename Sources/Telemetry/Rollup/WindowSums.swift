/// The sums of an open window in one cache line: an `Accumulator` with its start, from which its times are counted.
///
/// Starts are whole minutes, as every zone's offset from UTC has been since 1972.
struct WindowSums: BitwiseCopyable, Sendable, Equatable {
    private var minimum: Double
    private var maximum: Double
    private var sum: Double
    private var sumOfSquares: Double
    private var first: Double
    private var last: Double
    /// Start in minutes since 1970.
    private var minute: Int32
    /// Stays at its highest, 50 000 readings a second of one series for a day.
    private(set) var count: UInt32
    /// `firstAfter`, and in the highest bit whether more than the value of a reading is needed.
    private var firstAfterAndMore: UInt32
    private var lastAfter: UInt32

    private static let more: UInt32 = 1 << 31

    /// Milliseconds from the start: a day of 25 hours has 90 million.
    @inline(__always)
    private var firstAfter: UInt32 {
        get { firstAfterAndMore & ~Self.more }
        set { firstAfterAndMore = firstAfterAndMore & Self.more | newValue }
    }

    /// Whether a reading must be added as its series has it, because its value is not all. Said of places for open windows, also
    /// where none is, so that it need not be looked up elsewhere.
    @inline(__always)
    var needsMoreThanValue: Bool {
        get { firstAfterAndMore & Self.more != 0 }
        set { firstAfterAndMore = newValue ? firstAfterAndMore | Self.more : firstAfter }
    }

    /// No window: begins at no time, and has no readings.
    static let none = WindowSums()

    private init() {
        (minimum, maximum, sum, sumOfSquares, first, last) = (0, 0, 0, 0, 0, 0)
        (minute, count, firstAfterAndMore, lastAfter) = (.min, 0, 0, 0)
    }

    /// A window with its first reading.
    @inline(__always)
    init(_ reading: Reading, _ kind: MeasurementKind, startingAt start: Milliseconds) {
        let shown = reading.shown(as: kind)
        (minimum, maximum, first, last) = (shown, shown, shown, shown)
        sum = reading.summed(as: kind)
        sumOfSquares = shown * shown
        minute = Self.minute(start)
        count = 1
        lastAfter = UInt32(truncatingIfNeeded: reading.time - start)
        firstAfterAndMore = lastAfter
    }

    init(_ sums: Accumulator, startingAt start: Milliseconds) {
        (minimum, maximum, first, last) = (sums.minimum, sums.maximum, sums.first, sums.last)
        (sum, sumOfSquares) = (sums.sum, sums.sumOfSquares)
        minute = Self.minute(start)
        count = UInt32(clamping: sums.count)
        (firstAfterAndMore, lastAfter) = (0, 0)
        guard !isEmpty else { return }
        firstAfterAndMore = UInt32(truncatingIfNeeded: sums.firstTime - start)
        lastAfter = UInt32(truncatingIfNeeded: sums.lastTime - start)
    }

    private static func minute(_ start: Milliseconds) -> Int32 {
        assert(start % Span.minute == 0, "a window begins at a whole minute")
        return Int32(clamping: start / Span.minute)
    }

    /// Times of readings that windows can be of: from the year -2113 to 6053. The minute before is that of `none`.
    static let times = Milliseconds(Int32.min + 1) * Span.minute..<Milliseconds(Int32.max) * Span.minute

    @inline(__always)
    var isEmpty: Bool { count == 0 }

    /// What is not open needs no other sums.
    @inline(__always)
    mutating func clear() { (minute, count) = (.min, 0) }

    /// Opens a window that begins at `start`, with a part of it.
    @inline(__always)
    mutating func open(with part: WindowSums, startingAt start: Milliseconds) {
        let more = firstAfterAndMore & Self.more
        self = part.starting(at: start)
        firstAfterAndMore |= more
    }

    @inline(__always)
    var start: Milliseconds { Milliseconds(minute) * Span.minute }

    /// Numbers of earlier minutes are less.
    @inline(__always)
    var orderedMinute: UInt32 { UInt32(bitPattern: minute) ^ 1 << 31 }

    /// - Parameter weight: nil where it is the number of readings.
    @inline(__always)
    func accumulator(weight: Double?) -> Accumulator {
        var sums = Accumulator()
        guard !isEmpty else { return sums }
        sums.count = Int64(count)
        (sums.minimum, sums.maximum, sums.sum, sums.sumOfSquares) = (minimum, maximum, sum, sumOfSquares)
        sums.weight = weight ?? Double(count)
        (sums.firstTime, sums.first) = (start + Milliseconds(firstAfter), first)
        (sums.lastTime, sums.last) = (start + Milliseconds(lastAfter), last)
        return sums
    }

    /// Adds a reading that lies in a window of a minute.
    /// - Returns: false if it does not lie in this one.
    @inline(__always)
    mutating func addWithinMinute(_ reading: Reading, _ kind: MeasurementKind) -> Bool {
        let after = UInt64(bitPattern: reading.time &- start)
        guard after < UInt64(Span.minute) else { return false }
        add(reading.shown(as: kind), reading.summed(as: kind), UInt32(truncatingIfNeeded: after))
        return true
    }

    /// Adds the value of a reading that lies in a window of a minute.
    /// - Returns: false if it does not lie in this one, or its value is not all.
    @inline(__always)
    mutating func addValueWithinMinute(_ reading: Reading) -> Bool {
        let after = UInt64(bitPattern: reading.time &- start)
        guard after < UInt64(Span.minute), !needsMoreThanValue else { return false }
        add(reading.value, reading.value, UInt32(truncatingIfNeeded: after))
        return true
    }

    /// Opens a window of a minute with its first reading.
    /// - Returns: false if one is open, or the value of the reading is not all.
    @inline(__always)
    mutating func openMinute(with reading: Reading) -> Bool {
        guard isEmpty, !needsMoreThanValue else { return false }
        let start = reading.time - reading.time.floorDivided(by: Span.minute).remainder
        self = WindowSums(reading, .gauge, startingAt: start)
        return true
    }

    @inline(__always)
    private mutating func add(_ shown: Double, _ summed: Double, _ after: UInt32) {
        countMore(1)
        minimum = shown < minimum ? shown : minimum
        maximum = shown > maximum ? shown : maximum
        sumOfSquares += shown * shown
        sum += summed
        if after < firstAfter { (firstAfter, first) = (after, shown) }
        if after > lastAfter { (lastAfter, last) = (after, shown) }
    }

    /// Merges a part of this window, or a shorter window within it.
    @inline(__always)
    mutating func merge(_ part: WindowSums) {
        let shift = UInt32(truncatingIfNeeded: part.minute &- minute) &* UInt32(Span.minute)
        countMore(part.count)
        minimum = part.minimum < minimum ? part.minimum : minimum
        maximum = part.maximum > maximum ? part.maximum : maximum
        sum += part.sum
        sumOfSquares += part.sumOfSquares
        let (first, last) = (part.firstAfter &+ shift, part.lastAfter &+ shift)
        if first < firstAfter { (firstAfter, self.first) = (first, part.first) }
        if last > lastAfter { (lastAfter, self.last) = (last, part.last) }
    }

    @inline(__always)
    private mutating func countMore(_ more: UInt32) {
        let (counted, isTooMany) = count.addingReportingOverflow(more)
        count = isTooMany ? .max : counted
    }

    /// As the first part of a longer window.
    @inline(__always)
    func starting(at start: Milliseconds) -> WindowSums {
        var window = self
        window.minute = Self.minute(start)
        let shift = UInt32(truncatingIfNeeded: minute &- window.minute) &* UInt32(Span.minute)
        window.firstAfter &+= shift
        window.lastAfter &+= shift
        return window
    }
}

extension Reading {
    /// What minimum, maximum, first and last are of.
    @inline(__always)
    func shown(as kind: MeasurementKind) -> Double {
        // A reading of the journal may be of a time when its measurement was of another kind.
        kind == .ratio && weight != 0 ? value / weight : value
    }

    /// What the sum is of.
    @inline(__always)
    func summed(as kind: MeasurementKind) -> Double { kind == .counter ? weight : value }

    /// What the weight of a window is of.
    @inline(__always)
    func weighed(as kind: MeasurementKind) -> Double { kind == .ratio ? weight : 1 }
}
