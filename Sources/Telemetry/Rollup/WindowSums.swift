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
    /// Milliseconds from the start: a day of 25 hours has 90 million.
    private var firstAfter: UInt32
    private var lastAfter: UInt32

    /// No window: begins at no time, and has no readings.
    static let none = WindowSums()

    private init() {
        (minimum, maximum, sum, sumOfSquares, first, last) = (0, 0, 0, 0, 0, 0)
        (minute, count, firstAfter, lastAfter) = (.min, 0, 0, 0)
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
        firstAfter = UInt32(truncatingIfNeeded: reading.time - start)
        lastAfter = firstAfter
    }

    init(_ sums: Accumulator, startingAt start: Milliseconds) {
        (minimum, maximum, first, last) = (sums.minimum, sums.maximum, sums.first, sums.last)
        (sum, sumOfSquares) = (sums.sum, sums.sumOfSquares)
        minute = Self.minute(start)
        count = UInt32(clamping: sums.count)
        (firstAfter, lastAfter) = (0, 0)
        guard !isEmpty else { return }
        firstAfter = UInt32(truncatingIfNeeded: sums.firstTime - start)
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

    @inline(__always)
    var start: Milliseconds { Milliseconds(minute) * Span.minute }

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
        add(reading, kind, UInt32(truncatingIfNeeded: after))
        return true
    }

    @inline(__always)
    private mutating func add(_ reading: Reading, _ kind: MeasurementKind, _ after: UInt32) {
        let shown = reading.shown(as: kind)
        countMore(1)
        minimum = shown < minimum ? shown : minimum
        maximum = shown > maximum ? shown : maximum
        sumOfSquares += shown * shown
        sum += reading.summed(as: kind)
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
