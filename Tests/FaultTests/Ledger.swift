import Foundation

/// What must be in the database, and what may be: computed from the gateways' word alone.
struct Ledger {
    /// A reading under the name of its series; messages that repeat one another count once.
    struct Claim: Hashable {
        var series: String
        var time: Int64
    }

    struct Expectation {
        var value: Double
        var weight: Double
        /// Acknowledged by a broker that kept it.
        var certain = 0
        /// Acknowledged by a broker that may have lost it: when, and by what.
        var uncertain: [(acknowledged: Int64, cause: BrokerLoss.Cause)] = []
    }

    private(set) var claims: [Claim: Expectation] = [:]
    /// Readings of series whose messages say no time: only how many there are is known.
    private(set) var arrivals: [String: (certain: Int, uncertain: Int)] = [:]
    private(set) var messages = 0
    private(set) var malformed = 0
    private(set) var duplicates = 0

    init(_ entries: [LedgerEntry], losses: [BrokerLoss]) {
        // A copy outside every loss makes the message certain, so those come first.
        let judged = entries.map { entry in (entry, losses.first { $0.window.contains(entry.ackedMs) }) }
        var seen: Set<String> = []
        for (entry, loss) in judged.filter({ $0.1 == nil }) + judged.filter({ $0.1 != nil }) {
            messages += 1
            if entry.isMalformed {
                if loss == nil { malformed += 1 }
            } else if entry.stampedOnArrival == true {
                for reading in entry.readings {
                    let series = "\(entry.device)/\(reading.measurement)"
                    if loss == nil {
                        arrivals[series, default: (0, 0)].certain += 1
                    } else {
                        arrivals[series, default: (0, 0)].uncertain += 1
                    }
                }
            } else if seen.insert(entry.topic + (entry.payload ?? entry.payloadBase64 ?? "")).inserted {
                for reading in entry.readings { claim(reading, entry, loss) }
            } else {
                duplicates += 1
            }
        }
    }

    private mutating func claim(_ reading: LedgerEntry.Value, _ entry: LedgerEntry, _ loss: BrokerLoss?) {
        let claim = Claim(series: "\(entry.device)/\(reading.measurement)", time: reading.timeMs)
        var expectation =
            claims[claim] ?? Expectation(value: reading.value, weight: reading.weight)
        if let loss {
            expectation.uncertain.append((entry.ackedMs, loss.cause))
        } else {
            expectation.certain += 1
        }
        claims[claim] = expectation
    }
}
