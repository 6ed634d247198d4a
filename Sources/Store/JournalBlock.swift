package import Telemetry

/// Messages and readings of one transaction as bytes: columns of differences, then Zstandard.
///
/// Layout, after a version byte, all numbers variable-length (see `VariableInteger`): counts of messages and readings;
/// per message device, arrival, newest time before arrival, sequence + 1 (0: none), and where that is 0 the fingerprint;
/// per reading series, time, quality; the eight byte planes of the values; the positions and bits of weights other than 1.
///
/// Differences wrap around: a message without readings has no newest time, which is the least number there is.
package enum JournalBlock {
    private static let version: UInt8 = 1
    /// It is written once a commit and seldom read.
    private static let level: Int32 = 1

    package static func encode(messages: [AcceptedMessage], readings: [Reading]) -> [UInt8] {
        let most = mostHead + messages.count * mostOfMessage + readings.count * mostOfReading
        let bytes = [UInt8](unsafeUninitializedCapacity: most) { buffer, count in
            let start = buffer.baseAddress!
            var cursor = BlockCursor(start)
            cursor.put(version)
            cursor.put(variable: UInt64(messages.count))
            cursor.put(variable: UInt64(readings.count))
            encode(messages, &cursor)
            readings.withUnsafeBufferPointer { encode($0, &cursor) }
            count = cursor.next - start
        }
        return Compression.compress(bytes, level: level)
    }

    /// Version, two counts, and the 0 behind the weights.
    private static let mostHead = 1 + 2 * 10 + 1
    /// Device, three numbers, fingerprint.
    private static let mostOfMessage = 5 + 3 * 10 + 8
    /// Series, time, quality, value; place and bits of a weight.
    private static let mostOfReading = 10 + 10 + 1 + 8 + 10 + 8

    private static func encode(_ messages: [AcceptedMessage], _ cursor: inout BlockCursor) {
        var arrival: Milliseconds = 0
        for message in messages {
            cursor.put(variable: UInt64(message.device.rawValue))
            cursor.put(signed: message.arrival &- arrival)
            cursor.put(signed: message.arrival &- message.newestTime)
            cursor.put(variable: UInt64(bitPattern: message.sequence &+ 1))
            if message.sequence < 0 { cursor.put(fixed: message.fingerprint) }
            arrival = message.arrival
        }
    }

    private static func encode(_ readings: UnsafeBufferPointer<Reading>, _ cursor: inout BlockCursor) {
        var series: Int64 = 0
        for reading in readings {
            cursor.put(signed: Int64(reading.series.rawValue) - series)
            series = Int64(reading.series.rawValue)
        }
        var time: Milliseconds = 0
        for reading in readings {
            cursor.put(signed: reading.time &- time)
            time = reading.time
        }
        for reading in readings { cursor.put(reading.quality.rawValue) }
        BytePlanes.write(readings, to: cursor.next)
        cursor.skip(8 * readings.count)
        var before = 0
        for (index, reading) in readings.enumerated() where reading.weight != 1 {
            cursor.put(variable: UInt64(index - before + 1))
            cursor.put(fixed: reading.weight.bitPattern)
            before = index
        }
        cursor.put(variable: 0)
    }

    /// nil if `block` is neither of `encode` nor a `CompactBlock`.
    package static func decode(_ block: [UInt8]) -> (messages: [AcceptedMessage], readings: [Reading])? {
        if block.first == CompactBlock.version {
            return CompactBlock.decode(block).map { ($0.messages, $0.readings) }
        }
        guard let bytes = Compression.decompress(block[...]), bytes.first == version else { return nil }
        var at = 1
        guard let messageCount = VariableInteger.take(bytes, &at),
            let readingCount = VariableInteger.take(bytes, &at),
            messageCount <= UInt64(bytes.count), readingCount <= UInt64(bytes.count),
            let messages = decodeMessages(bytes, &at, Int(messageCount)),
            let readings = decodeReadings(bytes, &at, Int(readingCount))
        else { return nil }
        return (messages, readings)
    }

    private static func decodeMessages(_ bytes: [UInt8], _ at: inout Int, _ count: Int) -> [AcceptedMessage]?
    {
        var messages: [AcceptedMessage] = []
        messages.reserveCapacity(count)
        var arrival: Milliseconds = 0
        for _ in 0..<count {
            guard let device = VariableInteger.take(bytes, &at),
                let step = VariableInteger.takeSigned(bytes, &at),
                let age = VariableInteger.takeSigned(bytes, &at), let next = VariableInteger.take(bytes, &at)
            else { return nil }
            arrival &+= step
            var fingerprint: UInt64 = 0
            if next == 0 {
                guard let bits = take(bytes, &at) else { return nil }
                fingerprint = bits
            }
            messages.append(
                AcceptedMessage(
                    device: DeviceID(UInt32(truncatingIfNeeded: device)),
                    sequence: Int64(bitPattern: next) &- 1,
                    fingerprint: fingerprint, arrival: arrival, newestTime: arrival &- age))
        }
        return messages
    }

    private static func decodeReadings(_ bytes: [UInt8], _ at: inout Int, _ count: Int) -> [Reading]? {
        var readings: [Reading] = []
        readings.reserveCapacity(count)
        var series: Int64 = 0
        for _ in 0..<count {
            guard let step = VariableInteger.takeSigned(bytes, &at) else { return nil }
            series &+= step
            readings.append(Reading(series: SeriesID(UInt32(truncatingIfNeeded: series)), time: 0, value: 0))
        }
        var time: Milliseconds = 0
        for index in 0..<count {
            guard let step = VariableInteger.takeSigned(bytes, &at) else { return nil }
            time &+= step
            readings[index].time = time
        }
        guard at + 9 * count <= bytes.count else { return nil }
        for index in 0..<count {
            guard let quality = Quality(rawValue: bytes[at + index]) else { return nil }
            readings[index].quality = quality
            var bits: UInt64 = 0
            for plane in 0..<8 {
                bits |= UInt64(bytes[at + count * (plane + 1) + index]) << UInt64(8 * plane)
            }
            readings[index].value = Double(bitPattern: bits)
        }
        at += 9 * count
        var index = 0
        while let step = VariableInteger.take(bytes, &at) {
            if step == 0 { return readings }
            index &+= Int(truncatingIfNeeded: step) &- 1
            guard readings.indices.contains(index), let bits = take(bytes, &at) else { return nil }
            readings[index].weight = Double(bitPattern: bits)
        }
        return nil
    }

    private static func take(_ bytes: [UInt8], _ at: inout Int) -> UInt64? {
        guard at + 8 <= bytes.count else { return nil }
        defer { at += 8 }
        return (0..<8).reduce(0) { $0 | UInt64(bytes[at + $1]) << UInt64(8 * $1) }
    }
}
