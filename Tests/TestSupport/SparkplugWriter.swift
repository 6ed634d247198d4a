/// Payloads of Sparkplug B as an edge node writes them: protocol buffers by the encoding guide, not by the product's reader.
package struct SparkplugWriter {
    package private(set) var bytes: [UInt8] = []

    package init() {}

    package enum Value {
        case int(UInt32)
        case long(UInt64)
        case float(Float)
        case double(Double)
        case bool(Bool)
        case text(String)
        case bytes([UInt8])
        case none
    }

    package struct Metric {
        package var name: String?
        package var alias: UInt64?
        package var time: UInt64?
        package var type: UInt64?
        package var value: Value
        package var isHistorical = false
        package var isTransient = false
        package var isNull = false
        package var quality: UInt32?

        package init(
            _ name: String? = nil, alias: UInt64? = nil, time: UInt64? = nil, type: UInt64? = nil,
            _ value: Value = .none,
            isHistorical: Bool = false, isTransient: Bool = false, isNull: Bool = false,
            quality: UInt32? = nil
        ) {
            self.name = name
            self.alias = alias
            self.time = time
            self.type = type
            self.value = value
            self.isHistorical = isHistorical
            self.isTransient = isTransient
            self.isNull = isNull
            self.quality = quality
        }
    }

    package static func payload(time: UInt64? = nil, sequence: UInt64? = nil, _ metrics: [Metric]) -> [UInt8]
    {
        var writer = SparkplugWriter()
        if let time { writer.number(1, time) }
        for metric in metrics { writer.message(2, Self.metric(metric)) }
        if let sequence { writer.number(3, sequence) }
        return writer.bytes
    }

    package static func birthNumber(_ number: UInt64) -> Metric { Metric("bdSeq", type: 4, .long(number)) }

    private static func metric(_ metric: Metric) -> [UInt8] {
        var writer = SparkplugWriter()
        if let name = metric.name { writer.message(1, Array(name.utf8)) }
        if let alias = metric.alias { writer.number(2, alias) }
        if let time = metric.time { writer.number(3, time) }
        if let type = metric.type { writer.number(4, type) }
        if metric.isHistorical { writer.number(5, 1) }
        if metric.isTransient { writer.number(6, 1) }
        if metric.isNull { writer.number(7, 1) }
        if let quality = metric.quality {
            var value = SparkplugWriter()
            value.number(1, 3)
            value.number(3, UInt64(quality))
            var set = SparkplugWriter()
            set.message(1, Array("engUnit".utf8))
            set.message(1, Array("Quality".utf8))
            set.message(2, [0x08, 12, 0x42, 1, 0x6D])
            set.message(2, value.bytes)
            writer.message(9, set.bytes)
        }
        switch metric.value {
        case .int(let value): writer.number(10, UInt64(value))
        case .long(let value): writer.number(11, value)
        case .float(let value):
            writer.varint(12 << 3 | 5)
            writer.littleEndian(UInt64(value.bitPattern), 4)
        case .double(let value):
            writer.varint(13 << 3 | 1)
            writer.littleEndian(value.bitPattern, 8)
        case .bool(let value): writer.number(14, value ? 1 : 0)
        case .text(let value): writer.message(15, Array(value.utf8))
        case .bytes(let value): writer.message(16, value)
        case .none: break
        }
        return writer.bytes
    }

    package mutating func number(_ field: UInt64, _ value: UInt64) {
        varint(field << 3)
        varint(value)
    }

    package mutating func message(_ field: UInt64, _ content: [UInt8]) {
        varint(field << 3 | 2)
        varint(UInt64(content.count))
        bytes += content
    }

    package mutating func varint(_ value: UInt64) {
        var rest = value
        while rest > 127 {
            bytes.append(UInt8(rest % 128 + 128))
            rest /= 128
        }
        bytes.append(UInt8(rest))
    }

    private mutating func littleEndian(_ value: UInt64, _ count: Int) {
        for index in 0..<count { bytes.append(UInt8(value >> UInt64(8 * index) & 255)) }
    }
}
