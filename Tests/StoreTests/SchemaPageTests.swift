import Foundation
import GRDB
import Telemetry
import TestSupport
import Testing

@testable import Store

@Suite("The page of the database")
struct SchemaPageTests {
    private let page: String
    private let store: Store

    init() throws {
        page = try String(contentsOfFile: Repository.root + "/docs/schema.md", encoding: .utf8)
        let zone = ZoneOffsets(name: "Asia/Ho_Chi_Minh", fixedOffset: 7 * Span.hour)
        store = try Store(directory: TemporaryDirectory().path, zone: zone)
    }

    private func names(_ type: String) throws -> [String] {
        try store.pool.read { db in
            try String.fetchAll(
                db, sql: "SELECT name FROM sqlite_master WHERE type = ? AND name NOT LIKE 'sqlite_%'",
                arguments: [type])
        }
    }

    @Test("names every table, and every view that is for the program")
    func tables() throws {
        let tables = try names("table") + names("view").filter { !$0.hasPrefix("v_") }
        #expect(tables.count > 15)
        for table in tables { #expect(page.contains("`\(table)`"), "\(table)") }
    }

    @Test("has every view with every column")
    func views() throws {
        let views = try names("view").filter { $0.hasPrefix("v_") }
        #expect(views.count > 8)
        let sections = page.components(separatedBy: "\n### ")
        for view in views {
            let section = try #require(
                sections.first { $0.prefix { $0 != "\n" }.contains("`\(view)`") }, "\(view)")
            let columns = try store.pool.read { db in try db.columns(in: view).map(\.name) }
            for column in columns where !section.contains("`\(column)`") {
                Issue.record("docs/schema.md: \(view) has `\(column)`")
            }
        }
    }
}
