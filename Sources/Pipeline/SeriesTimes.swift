import Telemetry

/// The last event times of those series whose messages have no numbers of their own; the others take no room.
struct SeriesTimes: Sendable {
    /// Where the times of a series lie, negative if it has none; empty until one has.
    private var places: [Int32] = []
    private var recent: [RecentTimes] = []
    private let count: Int

    /// - Parameter count: how many series there are.
    init(count: Int) { self.count = count }

    subscript(index: Int) -> RecentTimes {
        get { places.isEmpty || places[index] < 0 ? RecentTimes() : recent[Int(places[index])] }
        set { recent[place(of: index)] = newValue }
    }

    /// Notes a time.
    /// - Returns: false if it is among the last of its series.
    mutating func admit(_ time: Milliseconds, of index: Int) -> Bool { recent[place(of: index)].admit(time) }

    /// Those of a range of series that have times.
    func forEach(in range: Range<Int>, _ body: (Int, RecentTimes) -> Void) {
        guard !places.isEmpty else { return }
        for index in range where places[index] >= 0 { body(index, recent[Int(places[index])]) }
    }

    private mutating func place(of index: Int) -> Int {
        if places.isEmpty { places = Array(repeating: -1, count: count) }
        if places[index] < 0 {
            places[index] = Int32(recent.count)
            recent.append(RecentTimes())
        }
        return Int(places[index])
    }
}
