import Testing

@testable import ioc

@Suite("Tables")
struct TableTests {
    private var table: Table {
        var table = Table(columns: [
            .init(title: "id"), .init(title: "time", goes: 2), .init(title: "ward", goes: 1),
            .init(title: "summary", isFlexible: true, least: 10),
        ])
        table.add(.init("1"), .init("08:00:00"), .init("an-cuu"), .init("a summary of twenty-5"))
        return table
    }

    private func lines(_ width: Int?) -> [String] { table.lines(width: width).map(\.text) }

    @Test("are as wide as what they hold where nothing limits them")
    func whole() {
        #expect(
            lines(nil) == ["id  time      ward    summary", "1   08:00:00  an-cuu  a summary of twenty-5"])
    }

    @Test("cut what may be cut, and then do without columns, the least needed first")
    func narrow() {
        #expect(lines(36)[1] == "1   08:00:00  an-cuu  a summary of …")
        #expect(lines(26)[1] == "1   08:00:00  a summary o…")
        #expect(lines(15)[1] == "1   a summary …")
    }

    @Test("are wider than the terminal only where everything left has to stay")
    func tooNarrow() {
        #expect(lines(5) == ["id  summary", "1   a summary…"])
        for width in 14...60 { #expect(lines(width).allSatisfy { DisplayWidth.of($0) <= width }) }
    }
}
