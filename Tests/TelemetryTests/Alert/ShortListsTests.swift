import Testing

@testable import Telemetry

@Suite("Short lists")
struct ShortListsTests {
    @Test(
        "lie one behind the other, and each is found again",
        arguments: [[[1, 2], [], [3], []], [[], [4]], [[]], []])
    func found(lists: [[Int]]) {
        let short = ShortLists(lists)
        #expect(lists.indices.map { short.range($0).map { short[$0] } } == lists)
    }

    @Test("are empty of what nobody put there")
    func empty() {
        #expect(ShortLists<Int>().range(3).isEmpty)
        #expect(ShortLists([[1]]).range(1).isEmpty)
    }
}
