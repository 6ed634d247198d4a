import FuzzGround
import Telemetry

private let zone = ZoneOffsets(name: "Asia/Ho_Chi_Minh", fixedOffset: 7 * Span.hour)

/// The forms CSV takes in `devices/`, by the byte that picks them.
let profiles: [SpokenProfile] = [
    // `0`: an archive.
    SpokenProfile(.csv, spoken: "timestamp,value\n2026-01-05 08:00:00,90\n2026-01-05 08:01:00,50.5\n").with {
        $0.timeField = "timestamp"
        $0.timeFormat = .local(.standard, zone)
    }
    .measuring("speed", "value", valid: 0...200) { $0.scale = 1.609344 },
    // `1`: a sheet of an office, with a decimal comma and the device in every row.
    SpokenProfile(
        .csv,
        spoken: "thoi_diem;khu_vuc;so_khach;so_dem;cong_suat\r\n04/01/2026 06:00;d-1;1180;1,75;71,5\r\n"
    ).with {
        $0.timeField = "thoi_diem"
        $0.timeFormat = .local(LocalTimePattern("dd/MM/yyyy HH:mm")!, zone)
        $0.deviceField = "khu_vuc"
        $0.dialect = CSVDialect(delimiter: UInt8(ascii: ";"), decimal: UInt8(ascii: ","))
    }
    .measuring("guests", "so_khach", kind: .delta)
    .measuring("nights", "so_dem", valid: 0...30)
    .measuring("load", "cong_suat", valid: 0...1) { $0.scale = 0.01 },
    // `2`: numbered rows with a ratio, words and a fallback.
    SpokenProfile(.csv, spoken: "s\tn\tok\tall\tstate\tleft\n1767574922.5\t4\t3\t4\tmở\t7\n").with {
        $0.timeField = "s"
        $0.timeFormat = .unixSeconds
        $0.sequenceField = "n"
        $0.dialect = CSVDialect(delimiter: 0x09)
    }
    .dividing("share", "ok", "all", valid: 0...1)
    .measuring("state", "state", kind: .state) { $0.words = [("mở", 1), ("0", 0), ("true", 3)] }
    .measuring("left", "left") { $0.fallback = -1 },
    // `3`: without a time; a column without a name.
    SpokenProfile(.csv, spoken: "|b\n1|2\n").with { $0.dialect = CSVDialect(delimiter: UInt8(ascii: "|")) }
        .measuring("a", "")
        .measuring("b", "b", kind: .counter),
]
