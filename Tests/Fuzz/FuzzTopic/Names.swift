import FuzzGround
import Telemetry

func checkTopic(_ input: UnsafeBufferPointer<UInt8>) {
    let (text, topic) = halves(input)
    guard let template = try? TopicTemplate(text) else { return }
    let levels = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    hold(levels.count <= TopicTemplate.maximumLevels, "\(text) has \(levels.count) levels")
    checkFilter(template, levels.count)
    check(template, levels.map(Array.init), topic)
    // What is written by a template is read by it.
    let own = Array(template.topic(["device": "d-1"]).utf8)
    check(template, levels.map(Array.init), own)
    let device = own.withUnsafeBufferPointer { template.device(in: $0).map(Array.init) }
    hold(
        device == (template.deviceLevel == nil ? [] : Array("d-1".utf8)),
        "\(text) reads what it writes, \(own)")
}

/// MQTT 5.0 section 4.7.1: `+` stands alone in its level, `#` is not used.
private func checkFilter(_ template: TopicTemplate, _ count: Int) {
    let levels = template.filter.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    hold(levels.count == count, "\(template.filter) has the levels of \(template.text)")
    for level in levels {
        hold(!level.contains(UInt8(ascii: "#")), "\(template.filter) is a filter")
        hold(level.count == 1 || !level.contains(UInt8(ascii: "+")), "\(template.filter) is a filter")
    }
}

/// Level by level, by their bytes.
private func check(_ template: TopicTemplate, _ levels: [[UInt8]], _ topic: [UInt8]) {
    let parts = topic.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map(Array.init)
    var device: [UInt8] = []
    let isMatch =
        parts.count == levels.count
        && levels.indices.allSatisfy { index in
            let (level, part) = (levels[index], parts[index])
            if let (before, behind) = around(level) {
                guard part.count > before.count + behind.count, part.starts(with: before),
                    part.reversed().starts(with: behind.reversed())
                else { return false }
                device = Array(part.dropFirst(before.count).dropLast(behind.count))
                return true
            }
            return level.first == UInt8(ascii: "{") ? !part.isEmpty : level == part
        }
    let expected = isMatch ? device : nil
    let found = topic.withUnsafeBufferPointer { template.device(in: $0).map(Array.init) }
    hold(found == expected, "\(template.text) finds \(String(describing: expected)) in \(topic)")
}

/// What stands before and behind `{device}` in a level, nil if it does not name the device.
private func around(_ level: [UInt8]) -> ([UInt8], [UInt8])? {
    let mark = Array("{device}".utf8)
    guard let start = level.indices.first(where: { level[$0...].starts(with: mark) }) else { return nil }
    return (Array(level[..<start]), Array(level[(start + mark.count)...]))
}

/// RFC 6901: the tokens of a pointer, escaped again, are the pointer.
func checkPointer(_ input: UnsafeBufferPointer<UInt8>) {
    let text = String(decoding: input, as: UTF8.self)
    guard let tokens = JSONPathTree.tokens(text) else {
        hold(!isPointer(Array(text.utf8)), "\(text) is a pointer")
        return
    }
    let escaped = tokens.map { token in
        "/" + token.utf8.map { $0 == 0x7E ? "~0" : $0 == 0x2F ? "~1" : String(UnicodeScalar($0)) }.joined()
    }
    // Scalars of single bytes: only the bytes are compared.
    let found = escaped.joined().unicodeScalars.map { UInt8($0.value) }
    hold(found == Array(text.utf8), "\(text) has the tokens \(tokens)")
    _ = try? FieldPath(text, records: nil)
    _ = try? FieldPath(records: text)
}

private func isPointer(_ bytes: [UInt8]) -> Bool {
    guard bytes.first == UInt8(ascii: "/") || bytes.isEmpty else { return false }
    return bytes.indices.allSatisfy { index in
        bytes[index] != UInt8(ascii: "~")
            || (index + 1 < bytes.count && (bytes[index + 1] == 0x30 || bytes[index + 1] == 0x31))
    }
}
