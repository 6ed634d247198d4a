import Testing

@testable import Catalog

@Suite("CSV that is written")
struct CSVTextTests {
    @Test("cells with commas, quotes and line ends are quoted")
    func csv() {
        var csv = CSVText(["a", "b"])
        csv.add(["1,5", "say \"x\"\r\n"])
        #expect(csv.text == "a,b\n\"1,5\",\"say \"\"x\"\"\r\n\"\n")
    }
}
