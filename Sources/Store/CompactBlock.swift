import Telemetry

/// A stretch of the journal by series, as bytes: what `JournalBlock` becomes once single messages do not matter any more.
///
/// Layout, after a version byte: a directory, which has of each part the series after its last one, its count of readings and
/// its length; the parts, which can be read one by one; last moments of commits and who was heard, to the end. Parts and
/// end are columns of `ColumnWriter`. All of it is in frames with a checksum.
enum CompactBlock {
    /// No Zstandard frame begins with it, and every block of version 1 does with the same four bytes.
    static let version: UInt8 = 2

    /// Of a city of 30 000 series 1 leaves 3 % more, 12 and 19 leave 5 and 7 % less, and 19 takes four times as long: hardly
    /// anything is left that repeats.
    private static let level: Int32 = 6

    /// Readings of one part, of series that are all whole in it: what is read at least to find one series.
    private static let partSize = 32_768
    /// More are in no part: its series would be longer than any stretch.
    private static let mostReadings: UInt64 = 1 << 26

    private struct Part {
        /// Every series before it is in this part or an earlier one.
        var end: UInt64
        var readings: Int
        var bytes: Range<Int>
    }

    static func encode(_ stretch: JournalStretch) -> [UInt8] {
        var directory: [UInt8] = []
        var body: [UInt8] = []
        let order = stretch.order()
        for part in split(order, stretch) {
            let readings = order[part].map { stretch.readings[$0] }
            let columns = SeriesColumns.write(readings, order[part].map { stretch.seconds[$0] })
            let bytes = columns.bytes(level: level)
            VariableInteger.append(UInt64(readings[readings.count - 1].series.rawValue) + 1, to: &directory)
            VariableInteger.append(UInt64(readings.count), to: &directory)
            VariableInteger.append(UInt64(bytes.count), to: &directory)
            body.append(contentsOf: bytes)
        }
        var block: [UInt8] = [version]
        Compression.append(directory, level: level, to: &block)
        return block + body + encodeCommits(of: stretch)
    }

    /// At ends of series.
    private static func split(_ order: [Int], _ stretch: JournalStretch) -> [Range<Int>] {
        var parts: [Range<Int>] = []
        var start = 0
        for index in order.indices {
            let isLast = index + 1 == order.count
            guard isLast || index + 1 - start >= partSize else { continue }
            if isLast || stretch.readings[order[index]].series != stretch.readings[order[index + 1]].series {
                parts.append(start..<index + 1)
                start = index + 1
            }
        }
        return parts
    }

    private static func encodeCommits(of stretch: JournalStretch) -> [UInt8] {
        var writer = ColumnWriter()
        writer.append(UInt64(stretch.moments.count), to: .count)
        if !stretch.moments.isEmpty { writer.append(stretch.moments, .time, seeds: .time) }
        var device: UInt32 = 0
        for run in stretch.heard.runs(of: \.device) {
            let id = run[run.startIndex].device.rawValue
            writer.append(UInt64(id - device), to: .series)
            device = id
            writer.append(UInt64(run.count), to: .count)
            writer.append(run.map(\.second), .second, seeds: .second)
        }
        return writer.bytes(level: level)
    }

    // MARK: Reading

    /// nil if `block` is not of `encode`.
    static func decode(_ block: [UInt8]) -> JournalStretch? {
        guard let (parts, end) = directory(of: block) else { return nil }
        var stretch = JournalStretch()
        for part in parts {
            guard read(part, block, into: &stretch) else { return nil }
        }
        return readCommits(block[end...], into: &stretch) ? stretch : nil
    }

    /// The readings of one series: only the part that holds them is unpacked.
    static func readings(of series: SeriesID, in block: [UInt8]) -> [Reading]? {
        guard let (parts, _) = directory(of: block) else { return nil }
        guard let part = parts.first(where: { UInt64(series.rawValue) < $0.end }) else { return [] }
        var stretch = JournalStretch()
        return read(part, block, only: series, into: &stretch) ? stretch.readings : nil
    }

    /// The parts, and where the last one ends.
    private static func directory(of block: [UInt8]) -> ([Part], end: Int)? {
        var at = 1
        var next = 0
        guard block.first == version, let list = Compression.take(block, &at) else { return nil }
        var entries: [(end: UInt64, readings: UInt64, length: UInt64)] = []
        while next < list.count {
            guard let end = VariableInteger.take(list, &next),
                let readings = VariableInteger.take(list, &next),
                let length = VariableInteger.take(list, &next), readings <= mostReadings,
                length <= UInt64(block.count)
            else { return nil }
            entries.append((end, readings, length))
        }
        let parts = entries.map { entry in
            defer { at += Int(entry.length) }
            return Part(
                end: entry.end, readings: Int(entry.readings), bytes: at..<at + Int(entry.length))
        }
        return at <= block.count ? (parts, at) : nil
    }

    private static func read(
        _ part: Part, _ block: [UInt8], only series: SeriesID? = nil, into stretch: inout JournalStretch
    ) -> Bool {
        guard let reader = ColumnReader(block[part.bytes]) else { return false }
        return SeriesColumns.read(reader, count: part.readings, only: series, into: &stretch)
    }

    private static func readCommits(_ bytes: ArraySlice<UInt8>, into stretch: inout JournalStretch) -> Bool {
        guard var reader = ColumnReader(bytes), let moments = reader.take(.count), moments <= mostReadings
        else { return false }
        if moments > 0 {
            guard let column = reader.take(Int(moments), .time, seeds: .time) else { return false }
            stretch.moments = column
        }
        var device: UInt64 = 0
        while !reader.isEmpty(.series) {
            guard let step = reader.take(.series), let count = reader.take(.count),
                (1...mostReadings).contains(count),
                let seconds = reader.take(Int(count), .second, seeds: .second)
            else { return false }
            device &+= step
            let id = DeviceID(UInt32(truncatingIfNeeded: device))
            stretch.heard.append(contentsOf: seconds.map { JournalStretch.Heard(device: id, second: $0) })
        }
        return true
    }
}
