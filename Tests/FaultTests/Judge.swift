import Foundation
import Telemetry

/// Compares a ledger with a database: every acknowledged message counted exactly once, and every window of every tier
/// equal to what is computed here again, without any code of the service.
struct Judge {
    let ledger: Ledger
    let stored: StoredData
    let losses: [BrokerLoss]
    /// Gateways had to send again what the broker may have had: at least once is all that is promised where a message says
    /// neither number nor time.
    let gatewaysRepeated: Bool
    /// Messages of unknown devices that were sent to see how far the service has come.
    let probes: Int
    /// Milliseconds by which local midnight is ahead of UTC.
    var zoneOffset: Int64 = 7 * 3_600_000
    private(set) var faults: [String] = []
    private(set) var comparedWindows = 0
    private(set) var lostToBroker = 0

    init(ledger: Ledger, stored: StoredData, losses: [BrokerLoss], gatewaysRepeated: Bool, probes: Int) {
        self.ledger = ledger
        self.stored = stored
        self.losses = losses
        self.gatewaysRepeated = gatewaysRepeated
        self.probes = probes
        judgeMessages()
        judgeReadings()
        judgeArrivals()
        for tier in Tier.allCases { judgeWindows(tier) }
    }

    private mutating func find(_ fault: String) { faults.append(fault) }

    private mutating func judgeMessages() {
        let losses = stored.losses
        if stored.unaccounted != 0 {
            find("received is not stored + rejected + duplicate + dropped: \(losses)")
        }
        if losses.dropped != 0 { find("\(losses.dropped) QoS 1 messages dropped") }
        if losses.stored != Int64(stored.journalMessages) {
            find(
                "the counters say \(losses.stored) messages stored, the journal holds \(stored.journalMessages)"
            )
        }
        // A probe is refused once if it came at all; a broken message that was lost, or sent twice, has no fixed number.
        let isBounded = !gatewaysRepeated && self.losses.isEmpty
        let most = isBounded ? Int64(ledger.malformed + probes) : .max
        if !(Int64(ledger.malformed)...most).contains(losses.rejected) {
            find("\(losses.rejected) messages rejected, the ledger has \(ledger.malformed)")
        }
        if stored.brokenTransitions != 0 {
            find("\(stored.brokenTransitions) alert transitions do not follow on")
        }
    }

    // MARK: Readings

    private mutating func judgeReadings() {
        var found: [Ledger.Claim: Int] = [:]
        for (series, readings) in stored.readings where ledger.arrivals[series] == nil {
            for reading in readings {
                let claim = Ledger.Claim(series: series, time: reading.time)
                found[claim, default: 0] += 1
                guard let expectation = ledger.claims[claim] else {
                    find("\(series) at \(reading.time) is in the database only")
                    continue
                }
                if !isSame(reading.value, expectation.value) {
                    find(
                        "\(series) at \(reading.time): \(reading.value), the ledger has \(expectation.value)")
                }
            }
        }
        for (claim, expectation) in ledger.claims {
            let count = found[claim] ?? 0
            if count < expectation.certain || count > expectation.certain + expectation.uncertain.count {
                find("\(claim.series) at \(claim.time) is stored \(count) times, not \(expectation.certain)")
            }
            for lost in expectation.uncertain.dropFirst(max(0, count - expectation.certain)) {
                judgeLoss(lost, claim)
            }
        }
    }

    /// What the broker lost with a session must lie in a gap that the service has reported.
    private mutating func judgeLoss(
        _ lost: (acknowledged: Int64, cause: BrokerLoss.Cause), _ claim: Ledger.Claim
    ) {
        lostToBroker += 1
        guard lost.cause == .sessionDeleted else { return }
        // The gateway hears of the acknowledgement a moment after the broker has passed the message on, or not.
        let passedOn = lost.acknowledged - 1_000...lost.acknowledged
        if !stored.gaps.contains(where: { $0.overlaps(passedOn) }) {
            find(
                "\(claim.series) at \(claim.time) was lost at \(lost.acknowledged), outside of every reported gap"
            )
        }
    }

    private mutating func judgeArrivals() {
        for (series, expected) in ledger.arrivals {
            let count = stored.readings[series]?.count ?? 0
            if count < expected.certain
                || (!gatewaysRepeated && count > expected.certain + expected.uncertain)
            {
                find("\(series): \(count) readings stamped on arrival are stored, not \(expected.certain)")
            }
        }
    }

    // MARK: Windows

    private func start(of time: Int64, _ tier: Tier) -> Int64 {
        let local = time + zoneOffset
        return Int64((Double(local) / Double(tier.length)).rounded(.down)) * tier.length - zoneOffset
    }

    /// The windows that the stored readings make, computed with the ledger's values where it has them.
    private func expectedWindows(_ tier: Tier) -> [StoredData.WindowKey: StoredData.Window] {
        var windows: [StoredData.WindowKey: StoredData.Window] = [:]
        for (series, readings) in stored.readings {
            let kind = stored.kinds[series]
            var newest: (time: Int64, value: Double)?
            for reading in readings where reading.quality != .bad {
                let claim = ledger.claims[Ledger.Claim(series: series, time: reading.time)]
                let value = claim?.value ?? reading.value
                let weight = kind == "ratio" ? claim?.weight ?? reading.weight : 1
                var increase = 0.0
                if let before = newest, reading.time > before.time {
                    increase = value >= before.value ? value - before.value : value
                }
                if reading.time > newest?.time ?? .min { newest = (reading.time, value) }
                let key = StoredData.WindowKey(series: series, start: start(of: reading.time, tier))
                var window = windows[key] ?? StoredData.Window()
                let shown = kind == "ratio" ? value / weight : value
                window.count += 1
                window.minimum = min(window.minimum, shown)
                window.maximum = max(window.maximum, shown)
                window.sum += kind == "counter" ? increase : value
                window.weight += weight
                window.first = min(window.first, reading.time)
                window.last = max(window.last, reading.time)
                windows[key] = window
            }
        }
        return windows
    }

    private mutating func judgeWindows(_ tier: Tier) {
        let expected = expectedWindows(tier)
        let found = stored.windows[tier] ?? [:]
        for (key, window) in expected {
            comparedWindows += 1
            if key.start + tier.length > stored.closedThrough {
                find("\(tier.name) \(key.series) from \(key.start) is still open")
            } else if !isSame(window, found[key]) {
                find("\(tier.name) \(key.series) from \(key.start): \(found[key] as Any), computed \(window)")
            }
        }
        for key in found.keys where expected[key] == nil {
            find("\(tier.name) \(key.series) from \(key.start) is in the database only")
        }
    }

    private func isSame(_ window: StoredData.Window, _ other: StoredData.Window?) -> Bool {
        guard let other else { return false }
        return window.count == other.count && window.minimum == other.minimum
            && window.maximum == other.maximum
            && window.first == other.first && window.last == other.last && isSame(window.sum, other.sum)
            && isSame(window.weight, other.weight)
    }

    /// Sums of doubles depend on the order in their last bits.
    private func isSame(_ left: Double, _ right: Double) -> Bool {
        left == right || abs(left - right) <= 1e-9 * max(abs(left), abs(right), 1)
    }
}
