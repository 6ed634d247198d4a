import Telemetry

/// Writes a time as a profile's payloads have it: the other way round from `TimeFormat`'s reading.
struct TimeWriter {
    let format: TimeFormat
    /// The city's zone, for formats that show an offset.
    let zone: ZoneOffsets
    /// The shortest step this format can show.
    let resolution: Milliseconds

    /// - Parameter isWhole: whether there is no room for a fraction of its unit.
    init(_ format: TimeFormat, zone: ZoneOffsets, isWhole: Bool = false) {
        self.format = format
        self.zone = zone
        if isWhole, format == .unixSeconds {
            resolution = Span.second
            return
        }
        guard case .local(let pattern, _) = format else {
            resolution = 1
            return
        }
        let steps: [(letter: Character, length: Milliseconds)] = [
            ("s", Span.second), ("m", Span.minute), ("H", Span.hour),
        ]
        resolution = steps.first { pattern.text.contains($0.letter) }?.length ?? Span.day
    }

    /// The last moment at or before `time` that stands on a `step` of local time.
    func floor(_ time: Milliseconds, step: Milliseconds) -> Milliseconds {
        guard case .local(_, let zone) = format else { return time.floorDivided(by: step).quotient * step }
        let local = time + zone.offset(at: time)
        return zone.utc(fromLocal: local.floorDivided(by: step).quotient * step)
    }

    /// Whether JSON needs quotes around it.
    var isText: Bool {
        switch format {
        case .iso8601, .local: true
        default: false
        }
    }

    func write(_ time: Milliseconds, into bytes: inout [UInt8]) {
        switch format {
        case .unixSeconds: bytes.append(mantissa: time, decimals: 3)
        case .unixMilliseconds: bytes.append(decimal: time)
        case .unixMicroseconds: bytes.append(decimal: time * 1_000)
        case .unixNanoseconds: bytes.append(decimal: time * 1_000_000)
        case .iso8601: writeISO8601(time, into: &bytes)
        case .local(let pattern, let zone): write(time + zone.offset(at: time), by: pattern, into: &bytes)
        }
    }

    private func writeISO8601(_ time: Milliseconds, into bytes: inout [UInt8]) {
        let offset = zone.offset(at: time)
        let local = ClockFace(time + offset)
        bytes.appendDigits(local.year, atLeast: 4)
        bytes.append(UInt8(ascii: "-"))
        bytes.appendDigits(local.month, atLeast: 2)
        bytes.append(UInt8(ascii: "-"))
        bytes.appendDigits(local.day, atLeast: 2)
        bytes.append(UInt8(ascii: "T"))
        bytes.appendDigits(local.hour, atLeast: 2)
        bytes.append(UInt8(ascii: ":"))
        bytes.appendDigits(local.minute, atLeast: 2)
        bytes.append(UInt8(ascii: ":"))
        bytes.appendDigits(local.second, atLeast: 2)
        if local.millisecond > 0 {
            bytes.append(UInt8(ascii: "."))
            bytes.appendDigits(local.millisecond, atLeast: 3)
        }
        let minutes = offset.magnitude / UInt64(Span.minute)
        bytes.append(offset < 0 ? UInt8(ascii: "-") : UInt8(ascii: "+"))
        bytes.appendDigits(minutes / 60, atLeast: 2)
        bytes.append(UInt8(ascii: ":"))
        bytes.appendDigits(minutes % 60, atLeast: 2)
    }

    /// The letters of a pattern are the digits of their field, from the last one backwards.
    private func write(_ local: Milliseconds, by pattern: LocalTimePattern, into bytes: inout [UInt8]) {
        let face = ClockFace(local)
        let start = bytes.count
        var text = pattern.text
        text.withUTF8 { bytes.append(contentsOf: $0) }
        var (year, month, day) = (face.year, face.month, face.day)
        var (hour, minute, second) = (face.hour, face.minute, face.second)
        func digit(_ number: inout UInt64) -> UInt8 {
            defer { number /= 10 }
            return UInt8(number % 10) + UInt8(ascii: "0")
        }
        for index in (start..<bytes.count).reversed() {
            switch bytes[index] {
            case UInt8(ascii: "y"): bytes[index] = digit(&year)
            case UInt8(ascii: "M"): bytes[index] = digit(&month)
            case UInt8(ascii: "d"): bytes[index] = digit(&day)
            case UInt8(ascii: "H"): bytes[index] = digit(&hour)
            case UInt8(ascii: "m"): bytes[index] = digit(&minute)
            case UInt8(ascii: "s"): bytes[index] = digit(&second)
            default: break
            }
        }
    }
}

/// The digits of a time taken as UTC.
private struct ClockFace {
    let year, month, day, hour, minute, second, millisecond: UInt64

    init(_ time: Milliseconds) {
        let (days, rest) = time.floorDivided(by: Span.day)
        let date = Civil.date(days: Int(days))
        year = UInt64(max(date.year, 0))
        month = UInt64(date.month)
        day = UInt64(date.day)
        hour = UInt64(rest / Span.hour)
        minute = UInt64(rest / Span.minute % 60)
        second = UInt64(rest / Span.second % 60)
        millisecond = UInt64(rest % Span.second)
    }
}
