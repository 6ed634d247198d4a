/// Newest of a series.
package struct SeriesState: Sendable, Equatable {
    /// nil before the first.
    package var newest: Reading?
    package var recent: RecentTimes

    package init(newest: Reading? = nil, recent: RecentTimes = RecentTimes()) {
        self.newest = newest
        self.recent = recent
    }
}

/// States of series in blocks of neighbours by id, as they lie in memory and are stored: put together one by one, they took a
/// checkpoint of many 45 ns each.
package struct SeriesStates: Sendable {
    @inlinable package static var blockLength: Int { 32 }

    /// Event times of one of a block.
    package struct Times: BitwiseCopyable, Sendable {
        /// In the block.
        package let place: Int
        package let recent: RecentTimes
    }

    /// What is known of neighbours; nothing is said of those without a reading.
    package struct Block {
        package let index: Int
        /// As many as a block has.
        package let newest: ArraySlice<NewestReading>
        /// Of those that have any, ascending.
        package let times: ArraySlice<Times>

        package func id(of place: Int) -> SeriesID {
            SeriesID(UInt32(index * SeriesStates.blockLength + place))
        }
    }

    private var indices: [Int] = []
    private var newest: [NewestReading] = []
    private var times: [Times] = []
    /// Where those of each block end.
    private var timesEnds: [Int] = []

    package init() {}

    package init(_ states: some Sequence<(SeriesID, SeriesState)>) {
        for (id, state) in states { append(id, state) }
    }

    /// Where the series of a block are among `series`, of which the last block may have fewer.
    package static func range(ofBlock index: Int, in series: Range<Int>) -> Range<Int> {
        (index * blockLength..<(index + 1) * blockLength).clamped(to: series)
    }

    package mutating func reserveCapacity(blocks: Int) {
        indices.reserveCapacity(blocks)
        timesEnds.reserveCapacity(blocks)
        newest.reserveCapacity(blocks * Self.blockLength)
    }

    /// Appends what is known of a block; `appendTimes` adds to it.
    package mutating func append(block index: Int, _ newest: ArraySlice<NewestReading>) {
        indices.append(index)
        self.newest.append(contentsOf: newest)
        let rest = indices.count * Self.blockLength - self.newest.count
        if rest > 0 { self.newest.append(contentsOf: repeatElement(NewestReading(), count: rest)) }
        timesEnds.append(times.count)
    }

    /// Of a series of the last block, after those before it.
    package mutating func appendTimes(_ recent: RecentTimes, of series: Int) {
        times.append(Times(place: series % Self.blockLength, recent: recent))
        timesEnds[timesEnds.count - 1] = times.count
    }

    /// Appends one series, to the last block if it is of it and what is there comes before.
    package mutating func append(_ id: SeriesID, _ state: SeriesState) {
        let (index, place) = id.index.quotientAndRemainder(dividingBy: Self.blockLength)
        let isNext =
            indices.last == index && newest.suffix(Self.blockLength - place).allSatisfy { $0.reading == nil }
        if !isNext { append(block: index, []) }
        newest[newest.count - Self.blockLength + place] = NewestReading(state.newest)
        if !state.recent.isEmpty { appendTimes(state.recent, of: id.index) }
    }

    package var blocks: some Sequence<Block> {
        indices.indices.lazy.map { position in
            Block(
                index: indices[position],
                newest: newest[position * Self.blockLength..<(position + 1) * Self.blockLength],
                times: times[(position == 0 ? 0 : timesEnds[position - 1])..<timesEnds[position]])
        }
    }

    /// One by one, those with a reading.
    package var all: some Sequence<(series: SeriesID, state: SeriesState)> {
        blocks.lazy.flatMap(Self.states)
    }

    private static func states(of block: Block) -> [(series: SeriesID, state: SeriesState)] {
        var recent = [RecentTimes](repeating: RecentTimes(), count: blockLength)
        for times in block.times { recent[times.place] = times.recent }
        return zip(block.newest, recent).enumerated().compactMap { place, known in
            known.0.reading.map { (block.id(of: place), SeriesState(newest: $0, recent: known.1)) }
        }
    }
}
