import GRDB

extension StoreReader {
    /// How many devices in use are how quiet; only words that occur. Counted by SQLite: a large city is asked often.
    package func freshnessCounts() throws -> [String: Int] {
        try database.read { db in
            let rows = try Row.fetchCursor(
                db, sql: "SELECT freshness, count(*) FROM v_device GROUP BY freshness")
            var counts: [String: Int] = [:]
            while let row = try rows.next() { counts[row[0]] = row[1] }
            return counts
        }
    }
}
