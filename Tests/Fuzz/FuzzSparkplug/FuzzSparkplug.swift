import FuzzGround
import Telemetry

/// libFuzzer calls it from one thread.
nonisolated(unsafe) private let judge = Judge([tank])
nonisolated(unsafe) private let host = SparkplugHost()
nonisolated(unsafe) private let scratch = DecodeScratch(limits: DecodeLimits())
private let compiled = tank.compiled()
nonisolated(unsafe) private var now = Judge.now

@_cdecl("LLVMFuzzerTestOneInput")
func fuzzSparkplug(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let example = judge.judge(UnsafeRawBufferPointer(start: start, count: count))
    if case .success(let listing) = SparkplugListing.list(Array(example.payload), now: Judge.now) {
        hold(
            listing.values.count >= example.verdict.readings.count, "every reading is of a metric: \(listing)"
        )
    }
    follow(UnsafeRawBufferPointer(start: start, count: count))
    return 0
}

/// The first byte picks what kind of message it is, and whose, the rest is its payload.
private func follow(_ input: UnsafeRawBufferPointer) {
    guard let first = input.first else { return }
    let kinds = SparkplugTopic.Kind.allCases
    let kind = kinds[Int(first) % kinds.count]
    let sender = Int(first) / kinds.count % 4
    let name = "spBv1.0/g/\(kind.rawValue)/e\(sender / 2)" + (kind.isOfDevice ? "/d\(sender)" : "")
    let payload = UnsafeRawBufferPointer(rebasing: input[1...])
    now += 100
    scratch.sparkplug = host
    Array(name.utf8).withUnsafeBufferPointer { topic in
        let topic = SparkplugTopic(topic)!
        let verdict = host.follow(topic, payload, limits: scratch.limits, now: now)
        if case .refused(let rejection) = verdict {
            hold((0...payload.count).contains(rejection.offset), "\(rejection) lies in the payload")
        }
        guard verdict == .values else { return }
        var message = DecodedMessage()
        let rejection = compiled.format.decode(
            payload, device: UnsafeBufferPointer(start: nil, count: 0), now: Judge.now, into: scratch,
            &message)
        hold((rejection == nil) == !scratch.decoded.isEmpty, "readings, or a reason: \(message)")
    }
    for (group, edge) in host.takeRequests(now: now) {
        hold(group == "g" && edge.count == 2, "\(group)/\(edge)")
    }
}

/// `Tank/Level` 1.25 with the alias 1, and `Pump` true with 2, at 1767574920000; number 1.
private let tank = SpokenProfile(
    .sparkplug,
    bytes: [
        0x08, 0xC0, 0xB6, 0xB3, 0xDD, 0xB8, 0x33, 0x12, 0x19, 0x0A, 0x0A, 0x54, 0x61, 0x6E, 0x6B, 0x2F, 0x4C,
        0x65, 0x76, 0x65, 0x6C, 0x10, 0x01, 0x20, 0x0A, 0x69, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xF4, 0x3F,
        0x12, 0x0C, 0x0A, 0x04, 0x50, 0x75, 0x6D, 0x70, 0x10, 0x02, 0x20, 0x0B, 0x70, 0x01, 0x18, 0x01,
    ]
)
.measuring("level", "Tank/Level", valid: 0...4)
.measuring("pump", "Pump", kind: .state) { $0.words = [("on", 1), ("off", 0)] }
