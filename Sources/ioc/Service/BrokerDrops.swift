import Telemetry

/// The broker's own counter of messages it has dropped, for all its clients. It goes on while we are away: what it has risen by since
/// it was heard last, in an earlier life perhaps, is a gap.
struct BrokerDrops {
    /// nil where there is nothing to compare with: never heard, or of a session that is lost, whose gap says all.
    private var known: Int64?
    private var heard: Milliseconds?

    init(known: Int64?, at heard: Milliseconds?) {
        self.known = known
        self.heard = heard
    }

    mutating func take(_ total: Int64, at now: Milliseconds) -> Gap? {
        defer { (known, heard) = (total, now) }
        guard let known else { return nil }
        // A broker that restarted counts from 0 again.
        let count = total < known ? total : total - known
        guard count > 0 else { return nil }
        return Gap(kind: .brokerDropped, from: min(heard ?? now, now), to: now, count: UInt64(count))
    }
}
