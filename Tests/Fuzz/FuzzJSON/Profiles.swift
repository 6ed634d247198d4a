import FuzzGround
import Telemetry

private let zone = ZoneOffsets(name: "Asia/Ho_Chi_Minh", fixedOffset: 7 * Span.hour)

/// The forms JSON takes in `devices/`, by the byte that picks them.
let profiles: [SpokenProfile] = [
    numbered, records, reduced, rootRecords, hardKeys, alone, objectRecords, digits, found,
]

/// `0`: one message, one reading of each.
private let numbered = SpokenProfile(
    .json,
    spoken: #"""
        {"ts":1767574922000,"seq":7,"id":"d-1","speed":23.5,"occ":62,"classes":{"motorcycle":48,"all":64},
        "state":"mở","money":{"vnd":"6400000"},"up":true,"left":null}
        """#
).with {
    $0.timeField = "/ts"
    $0.sequenceField = "/seq"
    $0.deviceField = "/id"
}
.measuring("speed", "/speed", valid: 0...200)
.measuring("occupancy", "/occ", valid: 0...1) { $0.scale = 0.01 }
.dividing("share", "/classes/motorcycle", "/classes/all", valid: 0...1)
.measuring("state", "/state", kind: .state) { $0.words = [("mở", 1), ("đóng", 2), ("5", 5)] }
.measuring("money", "/money/vnd", kind: .delta) { $0.numbersAreText = true }
.measuring("up", "/up", kind: .state)
.measuring("left", "/left", kind: .counter) { $0.fallback = -3 }

/// `1`: a list of records beside fields of the whole message.
private let records = SpokenProfile(
    .json,
    spoken: #"""
        {"no":9,"slots":[{"t":"2026-01-05T08:00:00+07:00","n":4,"a":1,"b":4,"x":{"y":2}},
        {"t":"2026-01-05T01:01:00.250Z","n":5}],"gw":{"battery":87}}
        """#
).with {
    $0.recordsField = "/slots/*"
    $0.timeField = "./t"
    $0.timeFormat = .iso8601
    $0.sequenceField = "/no"
}
.measuring("count", "./n", kind: .delta, valid: 0...5_000)
.dividing("share", "./a", "./b")
.measuring("deep", "./x/y")
.measuring("battery", "/gw/battery") { $0.scale = 0.01 }

/// `2`: several values under a star become one.
private let reduced = SpokenProfile(
    .json,
    spoken: #"""
        {"t":1767574922,"n":5,"waits":[12,25,null,8.5],"errors":{"timeout":2,"schema":true},"rx":[{"rssi":-97},{"rssi":-88}],
        "lessons":[{"done":3,"all":4},{"done":1,"all":5}],"sales":["10","2.5"]}
        """#
).with {
    $0.timeField = "/t"
    $0.timeFormat = .unixSeconds
    $0.sequenceField = "/n"
}
.measuring("longest", "/waits/*") { $0.reduction = .max }
.measuring("shortest", "/waits/*") { $0.reduction = .min }
.measuring("mean", "/waits/*") { $0.reduction = .mean }
.measuring("waiting", "/waits/*") { $0.reduction = .count }
.measuring("first", "/waits/*") { $0.reduction = .first }
.measuring("last", "/waits/*") { $0.reduction = .last }
.measuring("errors", "/errors/*", kind: .delta) { $0.reduction = .sum }
.measuring("signal", "/rx/*/rssi", valid: -150...0) { $0.reduction = .max }
.dividing("done", "/lessons/*/done", "/lessons/*/all", reduction: .sum)
.measuring("sales", "/sales/*") {
    $0.reduction = .sum
    $0.numbersAreText = true
}

/// `3`: the message is a list, its records are lists, and a star inside each.
private let rootRecords = SpokenProfile(
    .json, spoken: #"[["05\/01\/2026 08:01",1.5,[1,2],"7"],["05/01/2026 07:59",-2,[3],"8"]]"#
).with {
    $0.recordsField = "/*"
    $0.timeField = "./0"
    $0.timeFormat = .local(LocalTimePattern("dd/MM/yyyy HH:mm")!, zone)
    $0.sequenceField = "./3"
}
.measuring("level", "./1", valid: -2...10) {
    $0.scale = -0.001
    $0.offset = 10
}
.measuring("sum", "./2/*") { $0.reduction = .sum }

/// `4`: keys that a pointer must escape, and that JSON may.
private let hardKeys = SpokenProfile(
    .json, spoken: #"{"clock":{"ns":1767574922000000000},"a/b":1,"m~n":2,"":{"":3},"m\u1ee9c":4,"v":[5,6]}"#
).with {
    $0.timeField = "/clock/ns"
    $0.timeFormat = .unixNanoseconds
}
.measuring("slash", "/a~1b")
.measuring("tilde", "/m~0n")
.measuring("empty", "//")
.measuring("level", "/mức")
.measuring("element", "/v/1")

/// `5`: the whole message is one value.
private let alone = SpokenProfile(.json, spoken: "12.5").measuring("value", "", valid: 0...100)

/// `6`: records by key, each with its own time, in words and fallbacks.
private let objectRecords = SpokenProfile(
    .json,
    spoken:
        #"{"id":"d-1","sensors":{"a":{"us":1767574922000000,"state":"on"},"b":{"us":"1767574921000000"}}}"#
).with {
    $0.recordsField = "/sensors/*"
    $0.timeField = "./us"
    $0.timeFormat = .unixMicroseconds
    $0.deviceField = "/id"
}
.measuring("state", "./state", kind: .state) {
    $0.words = [("on", 1), ("off", 0)]
    $0.fallback = 9
}

/// `7`: everything is optional and in quotes.
private let digits = SpokenProfile(.json, spoken: #"{"a":"1.5","b":"2","c":"-1"}"#)
    .measuring("a", "/a") { $0.numbersAreText = true }
    .measuring("b", "/b", valid: -1...1) {
        $0.numbersAreText = true
        $0.scale = 1e90
        $0.offset = -1e90
    }
    .measuring("c", "/c") {
        $0.numbersAreText = true
        $0.scale = 1e308
    }

/// `8`: elements by what they say of themselves, an interval, sentinels, and messages that are none.
private let found = SpokenProfile(
    .json,
    spoken: #"""
        {"id":"urn:x:D-1","test":false,"span":"2026-01-05T01:00:00Z/2026-01-05T08:02:00+07:00",
        "list":[{"k":"a","v":1},{"v":"2,5","k":"b"},{"k":7,"v":[1,-9,"NA",2]}]}
        """#
).with {
    $0.timeField = "/span"
    $0.timeFormat = .iso8601
    $0.interval = .end
    $0.deviceField = "/id"
    $0.devicePrefix = "urn:x:"
    $0.exceptions = [("/test", ["true", "1"])]
}
.measuring("a", "/list/[k=a]/v") { $0.sentinels = ["-999", ""] }
.measuring("b", "/list/[k=b]/v") {
    $0.numbersAreText = true
    $0.decimal = UInt8(ascii: ",")
    $0.sentinels = ["NA"]
}
.measuring("sum", "/list/[k=7]/v/*") {
    $0.reduction = .sum
    $0.sentinels = ["-9", "NA"]
}
