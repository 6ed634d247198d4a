import Foundation
import Testing

/// A file whose name is its fault, and what is to be said of it.
struct BadFixture: CustomTestStringConvertible, Sendable {
    /// Folder below `Fixtures/bad`.
    let kind: String
    let file: String

    var testDescription: String { "\(kind)/\(file)" }

    /// Where a file of each kind is put into the world.
    static let places = [
        "profiles": "devices/garden/bed.yaml", "fleets": "devices/garden/fleet.csv",
        "rules": "config/alerts/garden.yaml", "rule-tests": "config/alerts/garden.test.yaml",
        "settings": "config/ioc.yaml", "wards": "config/wards.csv",
        "receivers": "config/receivers.yaml", "calendars": "config/calendars.yaml",
    ]

    static let all: [BadFixture] = places.keys.sorted().flatMap { kind in
        let names = try? FileManager.default.contentsOfDirectory(
            atPath: "\(GardenWorld.fixtures)/bad/\(kind)")
        return (names ?? []).sorted().filter { !$0.hasSuffix(".expected") }.map {
            BadFixture(kind: kind, file: $0)
        }
    }

    func text() throws -> String { try read("") }

    /// One fault a line: `line:column: message`.
    func expected() throws -> [String] {
        try read(".expected").split(separator: "\n").map(String.init)
    }

    private func read(_ suffix: String) throws -> String {
        try String(contentsOfFile: "\(GardenWorld.fixtures)/bad/\(kind)/\(file)\(suffix)", encoding: .utf8)
    }
}
