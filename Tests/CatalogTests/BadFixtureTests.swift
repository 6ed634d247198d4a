import Catalog
import Testing

@Suite("Mistakes in files")
struct BadFixtureTests {
    @Test("each is named with its place, and nothing else is", arguments: BadFixture.all)
    func mistake(_ fixture: BadFixture) throws {
        let world = try GardenWorld()
        let path = try #require(BadFixture.places[fixture.kind])
        try world.write(try fixture.text(), to: path)
        let expected = try fixture.expected()
        #expect(!expected.isEmpty)
        // Fleets and wards left out of a fixture are missed elsewhere: only the file itself is looked at.
        let own = world.faults().filter { $0.hasPrefix(path) }.map { String($0.dropFirst(path.count + 1)) }
        #expect(own == expected)
    }

    @Test("there is a fixture for every kind of file")
    func fixtures() {
        #expect(BadFixture.all.count > 100)
        #expect(Set(BadFixture.all.map(\.kind)) == Set(BadFixture.places.keys))
    }
}
