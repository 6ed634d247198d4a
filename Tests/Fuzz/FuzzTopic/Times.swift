import FuzzGround
import Glibc
import Telemetry

/// The C library's own opinion of a UTC date, nil where it would move it (31 February, hour 24).
private func timegm(_ year: Int, _ month: Int, _ day: Int, _ hour: Int, _ minute: Int, _ second: Int)
    -> Int64?
{
    var time = tm()
    time.tm_year = Int32(year - 1_900)
    time.tm_mon = Int32(month - 1)
    time.tm_mday = Int32(day)
    time.tm_hour = Int32(hour)
    time.tm_min = Int32(minute)
    // A leap second is the first of the next minute.
    time.tm_sec = Int32(min(second, 59))
    let seconds = Glibc.timegm(&time)
    guard time.tm_mon == month - 1, time.tm_mday == day, time.tm_hour == hour, time.tm_min == minute,
        second <= 60
    else { return nil }
    return Int64(seconds) + (second == 60 ? 1 : 0)
}

/// Two of digits as a number.
private func number(_ bytes: some Collection<UInt8>) -> Int? {
    bytes.allSatisfy { (48...57).contains($0) } ? bytes.reduce(0) { $0 * 10 + Int($1) - 48 } : nil
}

func checkISO(_ text: UnsafeBufferPointer<UInt8>) {
    let bytes = Array(text)
    let found = ISO8601.parse(text)
    let written = String(decoding: bytes, as: UTF8.self)
    hold(
        found == isoTime(bytes),
        "\(written) is \(String(describing: isoTime(bytes))), not \(String(describing: found))")
    // What we write, we read. Years have four digits.
    if let found, (0...9_999).contains(Civil.date(days: Int(found.floorDivided(by: Span.day).quotient)).year)
    {
        hold(ISO8601.parse(Civil.iso8601(found)) == found, "\(found) is \(Civil.iso8601(found))")
    }
}

/// RFC 3339 section 5.6 a second time, with `+0700` and a space for `T` besides.
private func isoTime(_ bytes: [UInt8]) -> Milliseconds? {
    guard bytes.count >= 20, let year = number(bytes[0..<4]), let month = number(bytes[5..<7]),
        let day = number(bytes[8..<10]), let hour = number(bytes[11..<13]),
        let minute = number(bytes[14..<16]),
        let second = number(bytes[17..<19]),
        [bytes[4], bytes[7], bytes[13], bytes[16]] == Array("--::".utf8), "Tt ".utf8.contains(bytes[10]),
        let seconds = timegm(year, month, day, hour, minute, second)
    else { return nil }
    var rest = bytes[19...]
    var milliseconds = 0
    if rest.first == UInt8(ascii: ".") {
        let digits = rest.dropFirst().prefix { (48...57).contains($0) }
        guard !digits.isEmpty else { return nil }
        milliseconds = number((digits + [48, 48]).prefix(3)) ?? 0
        rest = rest.dropFirst(digits.count + 1)
    }
    guard let offset = zone(Array(rest)) else { return nil }
    return seconds * 1_000 + Int64(milliseconds) - offset
}

private func zone(_ text: [UInt8]) -> Milliseconds? {
    if text == Array("Z".utf8) || text == Array("z".utf8) { return 0 }
    guard let sign = text.first, "+-".utf8.contains(sign) else { return nil }
    var digits = Array(text.dropFirst())
    if digits.count == 5, digits[2] == UInt8(ascii: ":") { digits.remove(at: 2) }
    guard digits.count == 4, let hours = number(digits[0..<2]), let minutes = number(digits[2..<4]),
        hours <= 23,
        minutes <= 59
    else { return nil }
    return Int64(hours * 60 + minutes) * Span.minute * (sign == UInt8(ascii: "-") ? -1 : 1)
}

func checkLocal(_ input: UnsafeBufferPointer<UInt8>) {
    let (text, time) = halves(input)
    guard let pattern = LocalTimePattern(text) else { return }
    let found = time.withUnsafeBufferPointer { pattern.parse($0) }
    let expected = localTime(Array(text.utf8), time)
    hold(
        found == expected,
        "\(time) by \(text) is \(String(describing: expected)), not \(String(describing: found))")
}

/// Each part is where its letter is in the pattern, and all else is as in the pattern.
private func localTime(_ pattern: [UInt8], _ time: [UInt8]) -> Milliseconds? {
    guard pattern.count == time.count else { return nil }
    func part(_ letter: Character) -> Int? {
        number(zip(pattern, time).filter { $0.0 == letter.asciiValue }.map(\.1))
    }
    for (letter, byte) in zip(pattern, time) where !"yMdHms".utf8.contains(letter) && letter != byte {
        return nil
    }
    guard let year = part("y"), let month = part("M"), let day = part("d"), let hour = part("H"),
        let minute = part("m"), let second = part("s"), month <= 99, day <= 99
    else { return nil }
    return timegm(year, month, day, hour, minute, second).map { $0 * 1_000 }
}

/// Two zones with clocks that go forward and back: what a clock shows is found again.
func checkZone(_ input: UnsafeBufferPointer<UInt8>) {
    guard input.count == 8 else { return }
    let bits = UnsafeRawBufferPointer(input).loadUnaligned(as: Int64.self)
    // Twenty years around the changes below.
    let time = 1_767_574_923_000 + bits % (3_652 * Span.day)
    let zone = ZoneOffsets(
        name: "America/Chicago",
        transitions: [
            .init(from: .min, offset: -6 * Span.hour), .init(from: 1_772_956_800_000, offset: -5 * Span.hour),
            .init(from: 1_793_516_400_000, offset: -6 * Span.hour),
        ])
    let shown = time + zone.offset(at: time)
    let found = zone.utc(fromLocal: shown)
    hold(found + zone.offset(at: found) == shown, "\(time) is shown as \(shown), which is \(found)")
    hold(found <= time, "of two moments that show \(shown) the first is meant, not \(found)")
    hold(ISO8601.parse(zone.iso8601(time)) == time, "\(time) is \(zone.iso8601(time))")
}
