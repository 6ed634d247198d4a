/// Where the windows of each series are among many, without sorting them: of a large city one in five that close together, in the order
/// in which they came.
struct SeriesChains {
    /// By series; negative where there is none. Empty if there are no windows.
    private var firsts: [Int32] = []
    /// By window: the next of the same series.
    private var nexts: [Int32] = []

    init(_ windows: borrowing Rollups, seriesCount: Int) {
        guard !windows.isEmpty else { return }
        firsts = Array(repeating: -1, count: seriesCount)
        nexts = Array(repeating: -1, count: windows.count)
        for place in windows.indices.reversed() {
            let series = windows.series(at: place).index
            nexts[place] = firsts[series]
            firsts[series] = Int32(place)
        }
    }

    @inline(__always)
    func first(of series: Int) -> Int? { firsts.isEmpty ? nil : place(firsts[series]) }

    /// As they came.
    @inline(__always)
    func next(after window: Int) -> Int? { place(nexts[window]) }

    @inline(__always)
    private func place(_ number: Int32) -> Int? { number < 0 ? nil : Int(number) }
}
