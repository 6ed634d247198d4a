import Foundation
import Testing

/// The house rules that a machine can check.
@Suite("Tidy")
struct TidyTests {
    private let sources: [SourceFile]

    init() throws {
        sources = try SourceFile.all(below: "Sources")
        #expect(sources.count > 50)
    }

    /// What each target may import besides the standard library's own modules.
    private static let imports: [String: Set<String>] = [
        "Ring": [],
        "Telemetry": ["CPrefetch"],
        "Broker": ["CMosquitto"],
        "Mail": ["CCurl"],
        "Catalog": ["Telemetry", "Yams"],
        "Store": ["Telemetry", "GRDB", "GRDBSQLite", "CZstd"],
        "Pipeline": ["CPrefetch", "Ring", "Telemetry"],
        "Unpacking": ["Telemetry", "CZlib", "CZstd"],
        "Console": [
            "Telemetry", "Store", "Hummingbird", "HummingbirdCore", "HTTPTypes", "Logging", "NIOCore",
            "NIOPosix", "ServiceLifecycle",
        ],
        "ioc": [
            "Broker", "Catalog", "Console", "Mail", "Pipeline", "Ring", "Store", "Telemetry", "Unpacking",
            "ArgumentParser", "AsyncHTTPClient", "Crypto", "Logging", "NIOCore", "NIOHTTP1",
            "ServiceLifecycle", "Subprocess", "SystemPackage", "UnixSignals",
        ],
    ]

    /// Modules of the toolchain, by target that may use them. The lowest level does without.
    private static let toolchain: [String: Set<String>] = [
        "Ring": ["Synchronization"],
        "Telemetry": ["CPrefetch"],
        "Broker": ["Synchronization", "Glibc"],
        "Pipeline": ["Synchronization", "Glibc"],
    ]
    private static let everyToolchainModule: Set<String> = [
        "Foundation", "FoundationEssentials", "Synchronization", "Glibc", "Dispatch",
    ]

    @Test("imports go only downward, and only to what each target is there to isolate")
    func importLists() throws {
        for file in sources {
            let own = try #require(Self.imports[file.target], "\(file.path) is in no known target")
            let allowed = own.union(Self.toolchain[file.target] ?? Self.everyToolchainModule)
            for line in file.lines {
                guard
                    let match = line.firstMatch(
                        of: /^(?:@\w+ )?(?:package |internal |public )?import (?:struct |class |func )?(\w+)/)
                else {
                    continue
                }
                #expect(allowed.contains(String(match.1)), "\(file.path): import \(match.1)")
            }
        }
    }

    @Test("no domain of the city occurs in the sources: a domain is data")
    func domains() throws {
        let folders = try FileManager.default.contentsOfDirectory(
            atPath: SourceFile.root.appendingPathComponent("devices").path)
        let domains = folders.filter { !$0.hasPrefix(".") && !$0.hasPrefix("_") }
        #expect(domains.count >= 5)
        // Three domains are also words of this trade, as in an alarm flood: there only the quoted word counts.
        let plainWords: Set<String> = ["flood", "health", "service"]
        for domain in domains {
            let pattern = try Regex(
                plainWords.contains(domain) ? "[\"/]\(domain)[\"/]" : "(?i)\\b\(domain)\\b")
            for file in sources {
                let places = file.places(of: pattern)
                #expect(places.isEmpty, "\(places)")
            }
        }
    }

    @Test("only the program itself reads the clock and prints")
    func clockAndPrint() {
        for file in sources where file.target != "ioc" {
            let places = file.places(of: /\bDate\(\)|\bprint\(|Date\.now/)
            #expect(places.isEmpty, "\(places)")
        }
    }

    @Test("files are one named thing: at most 400 lines")
    func fileSizes() throws {
        for file in sources + (try SourceFile.all(below: "Tests")) {
            #expect(file.lines.count <= 400, "\(file.path) has \(file.lines.count) lines")
        }
    }

    @Test("functions fit a screen: at most 70 lines")
    func functionSizes() {
        for file in sources {
            var start: (line: Int, indent: Int)?
            for (index, line) in file.lines.enumerated() {
                let indent = line.prefix { $0 == " " }.count
                if line.contains(/^\s*(?:[\w@()]+ )*(?:func|init\??)[ (<]/), !line.hasPrefix("//") {
                    start = (index, indent)
                } else if let open = start, line.hasPrefix(String(repeating: " ", count: open.indent) + "}"),
                    indent == open.indent
                {
                    #expect(
                        index - open.line <= 70,
                        "\(file.path):\(open.line + 1) is \(index - open.line) lines long")
                    start = nil
                }
            }
        }
    }

    @Test("nothing is left for later, and no folder is a drawer")
    func leftovers() throws {
        let words = try Regex("(?i)\\b(to" + "do|fix" + "me|xxx|hack)\\b")
        for file in sources {
            for (index, line) in file.lines.enumerated() {
                #expect(!line.contains(words), "\(file.path):\(index + 1): \(line)")
            }
            #expect(!file.path.contains(/\b(?:Utils|Utilities|Helpers|Misc|\w*Manager)\b/), "\(file.path)")
        }
    }

    @Test("a promise the compiler cannot check comes with a sentence that says why it holds")
    func unchecked() {
        for file in sources {
            for (index, line) in file.lines.enumerated()
            where line.contains("@unchecked Sendable") && !line.contains("//") {
                let above = file.lines[max(0, index - 12)..<index].joined(separator: "\n")
                #expect(above.contains("///"), "\(file.path):\(index + 1)")
            }
        }
    }
}
