import GRDB
import GRDBSQLite
import Telemetry

/// The state of 32 neighbouring series as a row of `series_block` has it: with a row for each, a checkpoint of a hundred thousand
/// that change each second took the storing thread an eighth of its time.
///
/// `newest` has 25 bytes a series, little-endian: time, value, weight, quality. `recent` has 66, as `RecentTimes` encodes them.
struct SeriesBlock: Equatable {
    static let length = SeriesStates.blockLength
    private static let newestBytes = 25
    private static let recentBytes = RecentTimes.encodedLength
    /// In the place of a quality: there is no reading.
    private static let none: UInt8 = 255

    private(set) var newest = [UInt8](repeating: none, count: length * newestBytes)
    /// nil if no series of the block has recent times.
    private(set) var recent: [UInt8]?

    init() {}

    /// - Parameters: the columns of a row. What is too short has nothing.
    init(newest: [UInt8], recent: [UInt8]?) {
        if newest.count == self.newest.count { self.newest = newest }
        if let recent, recent.count == Self.length * Self.recentBytes { self.recent = recent }
    }

    /// Takes over what is said of its series.
    mutating func set(_ states: SeriesStates.Block) {
        if recent == nil, !states.times.isEmpty {
            recent = [UInt8](repeating: 0, count: Self.length * Self.recentBytes)
        }
        newest.withUnsafeMutableBytes { bytes in
            for (place, known) in states.newest.enumerated() {
                guard let reading = known.reading else { continue }
                let at = place * Self.newestBytes
                bytes.storeBytes(of: reading.time.littleEndian, toByteOffset: at, as: Int64.self)
                bytes.storeBytes(
                    of: reading.value.bitPattern.littleEndian, toByteOffset: at + 8, as: UInt64.self)
                bytes.storeBytes(
                    of: reading.weight.bitPattern.littleEndian, toByteOffset: at + 16, as: UInt64.self)
                bytes[at + 24] = reading.quality.rawValue
            }
        }
        recent?.withUnsafeMutableBytes { bytes in
            func part(_ place: Int) -> UnsafeMutableRawBufferPointer {
                UnsafeMutableRawBufferPointer(
                    rebasing: bytes[place * Self.recentBytes..<(place + 1) * Self.recentBytes])
            }
            for (place, known) in states.newest.enumerated() where known.reading != nil {
                RecentTimes().encode(into: part(place))
            }
            for times in states.times { times.recent.encode(into: part(times.place)) }
        }
    }

    /// - Parameter index: of the block.
    func append(to states: inout SeriesStates, index: Int) {
        let first = index * Self.length
        let readings = newest.withUnsafeBytes { bytes in
            (first..<first + Self.length).map {
                NewestReading(Self.reading(of: SeriesID(UInt32($0)), in: bytes))
            }
        }
        states.append(block: index, readings[...])
        guard let recent else { return }
        for place in 0..<Self.length where readings[place].reading != nil {
            let bytes = recent[place * Self.recentBytes..<(place + 1) * Self.recentBytes]
            guard let times = RecentTimes(decoding: Array(bytes)), !times.isEmpty else { continue }
            states.appendTimes(times, of: first + place)
        }
    }

    private static func reading(of id: SeriesID, in newest: UnsafeRawBufferPointer) -> Reading? {
        let first = id.index % length * newestBytes
        guard newest.count == length * newestBytes, let quality = Quality(rawValue: newest[first + 24]) else {
            return nil
        }
        func number(_ offset: Int) -> UInt64 {
            UInt64(littleEndian: newest.loadUnaligned(fromByteOffset: first + offset, as: UInt64.self))
        }
        return Reading(
            series: id, time: Int64(bitPattern: number(0)), value: Double(bitPattern: number(8)),
            weight: Double(bitPattern: number(16)), quality: quality)
    }
}

// MARK: In queries

extension SeriesBlock {
    /// What a query of `series` asks of its newest reading, joined by `join`.
    enum Part: Int32 {
        case time, value, weight, quality

        var sql: String { "newest_reading(b.newest, series.id, \(rawValue))" }
    }

    static let join = "LEFT JOIN series_block b ON b.block = series.id / \(length)"

    /// The value as it is shown: of a ratio the quotient.
    static let shownValue =
        "CASE WHEN series.kind = 'ratio' THEN \(Part.value.sql) / \(Part.weight.sql) ELSE \(Part.value.sql) END"

    static let shownQuality =
        "CASE \(Part.quality.sql) WHEN 0 THEN 'good' WHEN 1 THEN 'uncertain' WHEN 2 THEN 'bad' END"

    /// Teaches a connection `newest_reading(newest, series, part)`: a number of the newest reading, NULL if there is none. Straight to
    /// SQLite: GRDB would copy the block for each call.
    static func addFunction(to db: Database) throws {
        let code = sqlite3_create_function_v2(
            db.sqliteConnection, "newest_reading", 3, SQLITE_UTF8 | SQLITE_DETERMINISTIC, nil,
            { context, _, arguments in
                guard let arguments, let part = Part(rawValue: sqlite3_value_int(arguments[2])) else {
                    return
                }
                let id = SeriesID(UInt32(truncatingIfNeeded: sqlite3_value_int64(arguments[1])))
                let bytes = UnsafeRawBufferPointer(
                    start: sqlite3_value_blob(arguments[0]), count: Int(sqlite3_value_bytes(arguments[0])))
                guard let reading = SeriesBlock.reading(of: id, in: bytes) else { return }
                switch part {
                case .time: sqlite3_result_int64(context, reading.time)
                case .value: sqlite3_result_double(context, reading.value)
                case .weight: sqlite3_result_double(context, reading.weight)
                case .quality: sqlite3_result_int64(context, Int64(reading.quality.rawValue))
                }
            }, nil, nil, nil)
        guard code == SQLITE_OK else { throw DatabaseError(resultCode: ResultCode(rawValue: code)) }
    }
}
