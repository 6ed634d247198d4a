import Catalog
import Foundation
import Telemetry
import TestSupport
import Testing

/// Walks the real `devices/` and `config/` of the repository: what is delivered must be sound.
@Suite("Data")
struct DataTests {
    private static let root = Repository.root

    private static let loaded = Result {
        try Catalog.load(
            configFile: "\(root)/config/ioc.yaml", devicesDirectory: "\(root)/devices",
            alertsDirectory: "\(root)/config/alerts")
    }

    private func catalog() throws -> Catalog { try Self.loaded.get() }

    @Test("every file is free of mistakes") func files() throws {
        guard case .failure(let error) = Self.loaded else { return }
        Issue.record("\(error)")
    }

    @Test("every example and every rule test comes as expected") func examplesAndRuleTests() throws {
        let faults = try catalog().check()
        #expect(faults.isEmpty, "\(CatalogFaults(faults))")
    }

    @Test("the fleet is that of a city") func size() throws {
        let catalog = try catalog()
        #expect(catalog.profiles.count >= 20)
        #expect(catalog.devices.count >= 300)
        #expect(catalog.rules.count >= 30)
    }

    @Test("there are 29 wards and 7 communes") func wards() throws {
        let wards = try catalog().wards
        #expect(wards.count { $0.kind == .ward } == 29)
        #expect(wards.count { $0.kind == .commune } == 7)
    }

    @Test("the access list of the documents lets the service read what it listens on")
    func access() throws {
        let page = try String(contentsOfFile: "\(Self.root)/docs/configuration.md", encoding: .utf8)
        let list = try #require(page.components(separatedBy: "\nuser ioc\n").last).prefix { $0 != "#" }
        // Mosquitto refuses without a word: who is not allowed to read a topic only never hears of it.
        let readable = list.split(separator: "\n").filter { $0.hasPrefix("topic read ") }.map {
            $0.dropFirst("topic read ".count).split(separator: "/")
        }
        for profile in try catalog().profiles {
            for filter in profile.topics.flatMap(\.filters) {
                let levels = filter.split(separator: "/")
                let isReadable = readable.contains {
                    $0.count == levels.count && zip($0, levels).allSatisfy { $0 == "+" || $0 == $1 }
                }
                #expect(isReadable, "\(profile.id) listens on \(filter)")
            }
        }
    }

    @Test("every rule at work has a test") func rulesAreTested() throws {
        let catalog = try catalog()
        let tested = Set(catalog.ruleTests.map(\.rule))
        for rule in catalog.rules where rule.isEnabled {
            #expect(tested.contains(rule.name), "\(rule.place): \(rule.name) has no test")
        }
    }

    @Test("every rule at work is seen raised by one of its tests") func rulesAreRaised() throws {
        let catalog = try catalog()
        let seen = Set(
            catalog.ruleTests.filter { $0.expectations.contains { $0.state.isOpen } }.map(\.rule))
        for rule in catalog.rules where rule.isEnabled {
            #expect(seen.contains(rule.name), "\(rule.place): no test of \(rule.name) sees it raised")
        }
    }

    @Test("every profile shows a message it takes and one it refuses") func profilesHaveExamples() throws {
        let catalog = try catalog()
        for profile in catalog.profiles + catalog.library {
            let refused = profile.examples.count {
                if case .rejected = $0.expectation { true } else { false }
            }
            #expect(refused > 0, "\(profile.id) has no refused example")
            #expect(refused < profile.examples.count, "\(profile.id) has no accepted example")
        }
    }

    @Test("the library has a profile for each format of docs/formats.md, and the page names each")
    func library() throws {
        let names = try catalog().library.map(\.name)
        #expect(names.count >= 20)
        let page = try String(contentsOfFile: "\(Self.root)/docs/formats.md", encoding: .utf8)
        for name in names { #expect(page.contains("`\(name)`"), "docs/formats.md does not name \(name)") }
    }

    @Test("every test that docs/formats.md names for a decision is there")
    func decisionsAreHeld() throws {
        let page = try String(contentsOfFile: "\(Self.root)/docs/formats.md", encoding: .utf8)
        let named = Set(page.matches(of: /`(\w+Tests)`/).map { String($0.1) })
        #expect(named.count >= 10)
        let folders = try FileManager.default.contentsOfDirectory(atPath: "\(Self.root)/Tests")
        let files = Set(
            folders.flatMap { folder -> [String] in
                let found = FileManager.default.enumerator(atPath: "\(Self.root)/Tests/\(folder)/")
                return (found?.compactMap { $0 as? String } ?? []).map {
                    String($0.split(separator: "/").last ?? "")
                }
            })
        for name in named { #expect(files.contains(name + ".swift"), "\(name)") }
    }

    /// For `ioc replay` of other cities' archives: its devices come with the files.
    private static let withoutDevices: Set = ["traffic/detector-archive"]

    @Test("every profile has a device, but those for archives") func profilesAreUsed() throws {
        let catalog = try catalog()
        let used = Set(catalog.devices.map(\.profileIndex))
        for (index, profile) in catalog.profiles.enumerated() where !Self.withoutDevices.contains(profile.id)
        {
            #expect(used.contains(index), "\(profile.id) has no device")
        }
    }
}
