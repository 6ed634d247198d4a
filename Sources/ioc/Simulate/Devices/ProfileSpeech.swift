import Telemetry

/// How all devices of one profile speak.
struct ProfileSpeech {
    let profile: DeviceProfile
    let writer: PayloadWriter
    let patterns: [ValuePattern]
    /// Step on which the times of its messages stand.
    let grid: Milliseconds
    /// Whether a message may tell of an earlier time: not if it shows no time, or knows nothing but running totals,
    /// which nobody can tell afterwards.
    let canBeLate: Bool

    var plan: PayloadPlan { writer.plan }

    /// - Parameter keepsOddTimes: leaves every second time free for what comes late, so that no two readings share one.
    init(_ profile: DeviceProfile, zone: ZoneOffsets, seed: UInt64, keepsOddTimes: Bool) {
        self.profile = profile
        writer = PayloadWriter(PayloadPlan(profile, zone: zone))
        patterns = profile.measurements.map { ValuePattern($0, seed: seed) }
        grid = writer.plan.time.resolution * (keepsOddTimes ? 2 : 1)
        let columns = zip(profile.measurements, writer.plan.columns)
        canBeLate =
            writer.plan.carriesTime
            && profile.measurements.contains { $0.kind != .counter }
            && !columns.contains { measurement, column in
                measurement.kind == .counter && column.fallback != nil
            }
    }

    /// How many records a message holds when the device speaks at `cadence`: whole minutes, quarters or hours.
    func records(cadence: Milliseconds) -> Int {
        guard plan.hasRecords else { return 1 }
        let spacing =
            switch cadence {
            case ...(5 * Span.minute): Span.minute
            case ...(30 * Span.minute): 5 * Span.minute
            case ...(2 * Span.hour): 15 * Span.minute
            default: max(cadence / 2, 1)
            }
        return max(Int(cadence / spacing), 1)
    }
}
