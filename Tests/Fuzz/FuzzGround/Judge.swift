package import Telemetry

/// Decodes inputs as messages of some profiles and stops the program where a promise of the decoders is broken.
///
/// An input is one byte that picks the profile, counted from `0`, and the payload. 64 above that (`p` for `0`) the
/// limits are so tight that small payloads meet them.
package final class Judge {
    package static let now: Milliseconds = 1_767_574_923_000
    private static let device = "d-1"

    private let profiles: [SpokenProfile]
    private let wide = (DecodeScratch(limits: DecodeLimits()), DecodeScratch(limits: DecodeLimits()))
    private let tight = (DecodeScratch(limits: Judge.tightLimits), DecodeScratch(limits: Judge.tightLimits))

    package static var tightLimits: DecodeLimits {
        var limits = DecodeLimits()
        limits.payloadBytes = 200
        limits.depth = 3
        limits.readings = 4
        limits.future = 1_000
        limits.retention = Span.hour
        return limits
    }

    package init(_ profiles: [SpokenProfile]) {
        self.profiles = profiles.map { $0.compiled() }
        for profile in self.profiles {
            let verdict = profile.spoken.withUnsafeBytes { judge($0, profile, wide) }
            hold(verdict.rejection == nil, "its profile takes \(profile.spoken): \(verdict)")
        }
    }

    /// What became of a message.
    package struct Verdict: Equatable {
        package var rejection: Rejection?
        package var readings: [Reading] = []
        package var sequence: Int64
        package var newestTime: Milliseconds
        package var hasTime: Bool
        package var partial: Rejection?
        package var refusedParts = 0
    }

    package struct Case {
        package var profile: SpokenProfile
        package var limits: DecodeLimits
        package var payload: UnsafeRawBufferPointer
        package var verdict: Verdict
    }

    /// Decodes one input and checks all that holds for every format.
    package func judge(_ input: UnsafeRawBufferPointer) -> Case {
        let pick = input.first.map { $0 &- UInt8(ascii: "0") } ?? 0
        let profile = profiles[Int(pick & 0x3F) % profiles.count]
        let scratches = pick & 0x40 == 0 ? wide : tight
        let payload = input.isEmpty ? input : UnsafeRawBufferPointer(rebasing: input[1...])
        return Case(
            profile: profile, limits: scratches.0.limits, payload: payload,
            verdict: judge(payload, profile, scratches))
    }

    /// Decodes other bytes under the same terms.
    package func decode(_ bytes: [UInt8], as example: Case) -> Verdict {
        let scratch = DecodeScratch(limits: example.limits)
        return bytes.withUnsafeBytes { Self.decode($0, example.profile, scratch) }
    }

    private func judge(
        _ payload: UnsafeRawBufferPointer, _ profile: SpokenProfile,
        _ scratches: (DecodeScratch, DecodeScratch)
    ) -> Verdict {
        let verdict = Self.decode(payload, profile, scratches.0)
        _ = profile.spoken.withUnsafeBytes { Self.decode($0, profile, scratches.1) }
        let again = Self.decode(payload, profile, scratches.1)
        hold(verdict == again, "the same bytes are the same message: \(verdict), after another \(again)")
        let limits = scratches.0.limits
        hold(
            (verdict.rejection?.reason == .tooLarge) == (payload.count > limits.payloadBytes),
            "a payload is too large above \(limits.payloadBytes) bytes and only then")
        if let rejection = verdict.rejection {
            hold((0...payload.count).contains(rejection.offset), "\(rejection) lies in the payload")
            let nothing = Verdict(rejection: rejection, DecodedMessage())
            hold(verdict == nothing, "a rejection leaves nothing: \(verdict)")
        } else {
            let partial = verdict.partial
            hold((0...payload.count).contains(partial?.offset ?? 0), "\(verdict) lies in the payload")
            hold((partial == nil) == (verdict.refusedParts == 0), "refused parts of \(verdict)")
            hold((1...limits.readings).contains(verdict.readings.count), "\(verdict.readings.count) readings")
            check(verdict, profile, limits)
        }
        return verdict
    }

    private static func decode(
        _ payload: UnsafeRawBufferPointer, _ profile: SpokenProfile, _ scratch: DecodeScratch
    ) -> Verdict {
        var message = DecodedMessage()
        var device = device
        let rejection = device.withUTF8 {
            profile.format.decode(payload, device: $0, now: now, into: scratch, &message)
        }
        var verdict = Verdict(rejection: rejection, message)
        verdict.readings = Array(scratch.decoded)
        return verdict
    }

    // MARK: What is taken

    private func check(_ verdict: Verdict, _ profile: SpokenProfile, _ limits: DecodeLimits) {
        let times = Judge.now - limits.retention...Judge.now + limits.future
        for reading in verdict.readings {
            hold(times.contains(reading.time), "time of \(reading)")
            hold(
                verdict.hasTime || profile.wire.form.senMLEncoding != nil || reading.time == Judge.now,
                "\(reading) has no time")
            hold(reading.series.index < profile.measurements.count, "measurement of \(reading)")
            check(reading, reading.series.index, profile)
        }
        hold(verdict.newestTime == verdict.readings.map(\.time).max(), "newest time of \(verdict)")
        let hasOwnTime = profile.wire.form.ownTimeFormat != nil
        if profile.wire.form.senMLEncoding == nil, !hasOwnTime {
            hold(verdict.hasTime == (profile.wire.timeField != nil), "has a time")
        }
        let isNumbered = profile.wire.sequenceField != nil && (verdict.hasTime || hasOwnTime)
        hold(isNumbered == (verdict.sequence >= 0), "number of \(verdict)")
    }

    private func check(_ reading: Reading, _ index: Int, _ profile: SpokenProfile) {
        let measurement = profile.measurements[index]
        let field = profile.wire.fields[index]
        hold(reading.value.isFinite && reading.weight.isFinite, "\(reading) is finite")
        let shown = measurement.kind == .ratio ? reading.value / reading.weight : reading.value
        hold(shown.isFinite, "\(reading) can be shown")
        hold(measurement.kind == .ratio ? reading.weight > 0 : reading.weight == 1, "weight of \(reading)")
        // Sums of squares over a year must stay finite: what is not, the database refuses for ever.
        let summable = -1e100...1e100
        let isValid = (measurement.valid ?? summable).contains(shown)
        let isSummable = summable.contains(reading.value) && summable.contains(reading.weight)
        // Senders of Sparkplug B say how good a value is; it may be worse than its limits say, and never better.
        if profile.wire.form == .sparkplug {
            return hold(reading.quality == .bad || isValid && isSummable, "quality of \(reading)")
        }
        hold((reading.quality == .bad) == !(isValid && isSummable), "quality of \(reading)")
        if field.scale == 1, field.offset == 0, measurement.kind != .ratio,
            profile.wire.form.senMLEncoding == nil
        {
            let isInexact = abs(reading.value) >= 9_007_199_254_740_992
            hold((reading.quality == .uncertain) == (isValid && isInexact), "exactness of \(reading)")
        }
        // In a pack a number stands beside words: `v` and `vs` are different members.
        guard !field.words.isEmpty, profile.wire.form.senMLEncoding == nil else { return }
        let raw = field.words.map(\.value) + [0, 1] + (field.fallback.map { [$0] } ?? [])
        hold(raw.contains { $0 * field.scale + field.offset == reading.value }, "\(reading) is a word's")
    }
}

extension Judge.Verdict {
    fileprivate init(rejection: Rejection?, _ message: DecodedMessage) {
        self.init(
            rejection: rejection, sequence: message.sequence, newestTime: message.newestTime,
            hasTime: message.hasTime, partial: message.partial, refusedParts: message.refusedParts)
    }
}
