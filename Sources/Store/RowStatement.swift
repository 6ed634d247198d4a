import GRDB
import GRDBSQLite

/// A prepared statement for many rows of one transaction.
///
/// GRDB makes an array of existentials of the arguments of each execution. Of rows that come by the ten thousand that was
/// most of the time, so these are bound as what they are.
struct RowStatement {
    private let kept: Statement
    private let sql: String
    private let db: Database
    private let statement: OpaquePointer
    private var index: Int32 = 0

    /// - Parameter isKept: for the next who needs it; not where requests make many different ones.
    init(_ sql: String, _ db: Database, isKept: Bool = true) throws {
        self.sql = sql
        self.db = db
        kept = try isKept ? db.cachedStatement(sql: sql) : db.makeStatement(sql: sql)
        statement = kept.sqliteStatement
    }

    /// Copied by SQLite.
    private static let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    mutating func bind(_ number: Int64?) {
        index += 1
        if let number {
            sqlite3_bind_int64(statement, index, number)
        } else {
            sqlite3_bind_null(statement, index)
        }
    }

    mutating func bind(_ number: Double?) {
        index += 1
        if let number {
            sqlite3_bind_double(statement, index, number)
        } else {
            sqlite3_bind_null(statement, index)
        }
    }

    mutating func bind(_ text: String?) {
        index += 1
        guard var text else { return _ = sqlite3_bind_null(statement, index) }
        _ = text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) {
                sqlite3_bind_text(statement, index, $0.baseAddress, Int32($0.count), Self.transient)
            }
        }
    }

    /// An empty one is a blob of no bytes, and nil is NULL.
    mutating func bind(blob bytes: UnsafeRawBufferPointer?) {
        index += 1
        guard let bytes else { return _ = sqlite3_bind_null(statement, index) }
        guard let start = bytes.baseAddress else { return _ = sqlite3_bind_zeroblob(statement, index, 0) }
        sqlite3_bind_blob(statement, index, start, Int32(bytes.count), Self.transient)
    }

    mutating func bind(blob bytes: [UInt8]?) {
        guard let bytes else { return bind(blob: nil as UnsafeRawBufferPointer?) }
        bytes.withUnsafeBytes { bind(blob: $0) }
    }

    /// Writes the row that was bound, and begins the next.
    /// - Throws: `DatabaseError`, as GRDB would.
    mutating func execute() throws {
        while try step() {}
        reset()
    }

    /// Rows that the last statement of the connection wrote. Without GRDB's look at which queue it is on, once for each row.
    var changesCount: Int { Int(sqlite3_changes(sqlite3_db_handle(statement))) }

    /// Whether there is a row, or one more.
    /// - Throws: `DatabaseError`, as GRDB would.
    mutating func step() throws -> Bool {
        let code = sqlite3_step(statement)
        if code == SQLITE_ROW { return true }
        guard code == SQLITE_DONE else {
            let message = db.lastErrorMessage
            reset()
            throw DatabaseError(resultCode: ResultCode(rawValue: code), message: message, sql: sql)
        }
        return false
    }

    /// Begins anew, with the arguments of the next row.
    mutating func reset() {
        index = 0
        sqlite3_reset(statement)
    }

    /// A figure as SQLite keeps it. Bytes are there until the next step.
    enum Cell {
        case null
        case integer(Int64)
        case number(Double)
        case text(UnsafeBufferPointer<UInt8>)
    }

    @inline(__always)
    func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(statement, column) }

    @inline(__always)
    func cell(_ column: Int32) -> Cell {
        // Looked for once, not for its kind and again for itself.
        let value = sqlite3_column_value(statement, column)
        switch sqlite3_value_type(value) {
        case SQLITE_NULL: return .null
        case SQLITE_INTEGER: return .integer(sqlite3_value_int64(value))
        case SQLITE_FLOAT: return .number(sqlite3_value_double(value))
        default:
            let start = sqlite3_value_text(value)
            return .text(UnsafeBufferPointer(start: start, count: Int(sqlite3_value_bytes(value))))
        }
    }
}
