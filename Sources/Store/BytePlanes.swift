import Telemetry

/// Values of readings as eight planes: the lowest byte of each, then the next one of each, and so on.
enum BytePlanes {
    /// - Parameter planes: room for eight bytes a reading.
    static func write(_ readings: UnsafeBufferPointer<Reading>, to planes: UnsafeMutablePointer<UInt8>) {
        let count = readings.count
        var first = 0
        // Eight values at a time: their lowest bytes are then one word, which is stored at once.
        while first + 8 <= count {
            var rows = SIMD8<UInt64>()
            for row in 0..<8 { rows[row] = readings[first + row].value.bitPattern }
            rows = transposed(rows)
            let place = UnsafeMutableRawPointer(planes + first)
            for plane in 0..<8 {
                place.storeBytes(
                    of: rows[plane].littleEndian, toByteOffset: plane * count, as: UInt64.self)
            }
            first += 8
        }
        for index in first..<count {
            let bits = readings[index].value.bitPattern
            for plane in 0..<8 {
                planes[plane * count + index] = UInt8(truncatingIfNeeded: bits >> UInt64(8 * plane))
            }
        }
    }

    /// Eight rows of eight bytes become columns: halves, quarters and single bytes change places.
    @inline(__always)
    private static func transposed(_ rows: SIMD8<UInt64>) -> SIMD8<UInt64> {
        var rows = rows
        for row in 0..<4 { exchange(row, row + 4, 32, 0x0000_0000_FFFF_FFFF, &rows) }
        for row in 0..<8 where row & 2 == 0 { exchange(row, row + 2, 16, 0x0000_FFFF_0000_FFFF, &rows) }
        for row in 0..<8 where row & 1 == 0 { exchange(row, row + 1, 8, 0x00FF_00FF_00FF_00FF, &rows) }
        return rows
    }

    /// The upper parts of one row for the lower parts of another.
    @inline(__always)
    private static func exchange(
        _ upper: Int, _ lower: Int, _ shift: UInt64, _ mask: UInt64, _ rows: inout SIMD8<UInt64>
    ) {
        let differing = ((rows[upper] >> shift) ^ rows[lower]) & mask
        rows[lower] ^= differing
        rows[upper] ^= differing << shift
    }
}
