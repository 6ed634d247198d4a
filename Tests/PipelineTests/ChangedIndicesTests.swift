import Testing

@testable import Pipeline

@Suite("What has changed")
struct ChangedIndicesTests {
    @Test(
        "is taken once, ascending, few or many",
        arguments: [[7], [900, 3, 40, 3], Array((0..<1_000).reversed())])
    func takenOnce(_ indices: [Int]) {
        var changes = ChangedIndices(count: 1_000)
        for _ in 0..<2 {
            for index in indices { changes.insert(index) }
            #expect(!changes.isEmpty)
            #expect(changes.take() == Set(indices).sorted())
            #expect(changes.isEmpty && changes.take().isEmpty)
        }
    }

    @Test("may be among things that came later")
    func grows() {
        var changes = ChangedIndices(count: 0)
        changes.grow(to: 3)
        changes.insert(2)
        changes.grow(to: 2)
        #expect(changes.take() == [2])
    }
}
