import Telemetry

/// A stretch of the journal by series, as bytes: what `JournalBlock` becomes once single messages do not matter any more.
///
/// Layout, after a version byte: a directory, which has of each part the series after its last one, its count of readings and
/// its length; the parts, which can be read one by one; last who was heard, to the end. Parts and who was heard are columns
/// of `ColumnWriter`. All of it is in frames with a checksum.
enum CompactBlock {
    /// No Zstandard frame begins with it, and every block of version 1 does with the same four bytes.
    static let version: UInt8 = 2

    /// From 3 to 19 tried: see benchmarks/store. Higher ones cost much and gain little, because nothing is left to repeat.
    private static let level: Int32 = 6

    /// Readings of one part, of series that are all whole in it: what is read at least to find one series.
    private static let partSize = 32_768
    /// More are in no part: its series would be longer than any stretch.
    private static let mostReadings = 1 << 26

    private struct Part {
        /// Every series before it is in this part or an earlier one.
        var end: UInt64
        var readings: Int
        var bytes: Range<Int>
    }

    /// - Parameter stretch: arranged.
    static func encode(_ stretch: JournalStretch) -> [UInt8] {
        var directory: [UInt8] = []
        var body: [UInt8] = []
        for part in split(stretch.readings) {
            let bytes = SeriesColumns.write(stretch.readings[part], stretch.seconds[part]).bytes(level: level)
            let last = stretch.readings[part.upperBound - 1].series.rawValue
            VariableInteger.append(UInt64(last) + 1, to: &directory)
            VariableInteger.append(UInt64(part.count), to: &directory)
            VariableInteger.append(UInt64(bytes.count), to: &directory)
            body.append(contentsOf: bytes)
        }
        var block: [UInt8] = [version]
        Compression.append(directory, level: level, to: &block)
        return block + body + encode(stretch.heard)
    }

    /// At ends of series.
    private static func split(_ readings: [Reading]) -> [Range<Int>] {
        var parts: [Range<Int>] = []
        var start = 0
        for index in readings.indices {
            let isLast = index + 1 == readings.count
            guard isLast || index + 1 - start >= partSize else { continue }
            if isLast || readings[index].series != readings[index + 1].series {
                parts.append(start..<index + 1)
                start = index + 1
            }
        }
        return parts
    }

    private static func encode(_ heard: [JournalStretch.Heard]) -> [UInt8] {
        var writer = ColumnWriter()
        var device: UInt32 = 0
        for run in heard.runs(of: \.device) {
            writer.append(UInt64(run[run.startIndex].device.rawValue - device), to: .series)
            device = run[run.startIndex].device.rawValue
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
        guard let heard = decodeHeard(block[end...]) else { return nil }
        stretch.heard = heard
        return stretch
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
            guard let end = VariableInteger.take(list, &next), let readings = VariableInteger.take(list, &next),
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

    private static func decodeHeard(_ bytes: ArraySlice<UInt8>) -> [JournalStretch.Heard]? {
        guard var reader = ColumnReader(bytes) else { return nil }
        var heard: [JournalStretch.Heard] = []
        var device: UInt64 = 0
        while !reader.isEmpty(.series) {
            guard let step = reader.take(.series), let count = reader.take(.count),
                (1...UInt64(mostReadings)).contains(count),
                let seconds = reader.take(Int(count), .second, seeds: .second)
            else { return nil }
            device &+= step
            let id = DeviceID(UInt32(truncatingIfNeeded: device))
            heard.append(contentsOf: seconds.map { JournalStretch.Heard(device: id, second: $0) })
        }
        return heard
    }
}
