package import Telemetry

/// A profile as `devices/` may write one, compiled, with a message it takes.
package struct SpokenProfile {
    package var wire: Wire
    package var measurements: [Measurement] = []
    package private(set) var format: PayloadFormat = .scalar(Kept(RecordPlan()))
    /// Fills every slot it can: decoded in between, it leaves behind what the next message must not see.
    package var spoken: [UInt8]

    package init(_ form: Wire.Form, spoken: String) { self.init(form, bytes: Array(spoken.utf8)) }

    package init(_ form: Wire.Form, bytes: [UInt8]) {
        wire = Wire(form: form)
        spoken = bytes
    }

    package func with(_ set: (inout Wire) -> Void) -> SpokenProfile {
        var profile = self
        set(&profile.wire)
        return profile
    }

    /// Adds a measurement; `set` says how its field is read.
    package func measuring(
        _ name: String, _ field: String? = nil, kind: MeasurementKind = .gauge, unit: String = "1",
        valid: ClosedRange<Double>? = nil, _ set: (inout Wire.Field) -> Void = { _ in }
    ) -> SpokenProfile {
        var profile = self
        var read = Wire.Field()
        read.field = field
        set(&read)
        profile.wire.fields.append(read)
        profile.measurements.append(
            Measurement(
                name: name, title: Title(vi: name, en: name), unit: unit, kind: kind, valid: valid,
                keepsQuantiles: kind == .gauge, words: read.words))
        return profile
    }

    /// Adds a ratio of two fields.
    package func dividing(
        _ name: String, _ numerator: String, _ denominator: String, valid: ClosedRange<Double>? = nil,
        reduction: Reduction? = nil
    ) -> SpokenProfile {
        measuring(name, kind: .ratio, valid: valid) {
            $0.numerator = numerator
            $0.denominator = denominator
            $0.reduction = reduction
        }
    }

    package func compiled() -> SpokenProfile {
        var profile = self
        do throws(FieldPath.Mistake) {
            profile.format = try wire.compile(for: measurements)
        } catch {
            fatalError("the profile of \(spoken) has a bad pointer: \(error)")
        }
        return profile
    }
}
