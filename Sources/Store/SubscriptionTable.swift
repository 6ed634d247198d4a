import GRDB

/// Topic filters that our session at the broker has or once had: it never ends, and neither do its subscriptions by themselves.
enum SubscriptionTable {
    static let schema = "CREATE TABLE subscription(filter TEXT PRIMARY KEY) WITHOUT ROWID;"
}

extension Store {
    /// Notes that `wanted` are subscribed to from now on.
    /// - Returns: those noted before that are not among them.
    package func note(subscriptions wanted: [String]) throws -> [String] {
        try noting {
            try pool.write { db in
                for filter in wanted {
                    try db.execute(
                        sql: "INSERT OR IGNORE INTO subscription(filter) VALUES (?)", arguments: [filter])
                }
                let all = try String.fetchAll(db, sql: "SELECT filter FROM subscription ORDER BY filter")
                return all.filter { !wanted.contains($0) }
            }
        }
    }
}
