/// What a threshold looks at.
package struct AlertSignal: Sendable, Equatable {
    package var measurement: String
    /// nil: each reading.
    package var window: AlertWindow?
    /// The measurement whose figure of the same window it is divided by.
    package var divisor: String?

    package init(measurement: String, window: AlertWindow? = nil, divisor: String? = nil) {
        self.measurement = measurement
        self.window = window
        self.divisor = divisor
    }

    /// Whether its values are among those of the measurement, and so within what is valid of it.
    package var isOfMeasuredValues: Bool {
        guard divisor == nil else { return false }
        switch window?.figure {
        case nil: return true
        case .statistic(let statistic): return [.mean, .min, .max, .last].contains(statistic)
        case .flatness, .hours, .deviation, .pace: return false
        }
    }

    package var measurements: [String] { [measurement] + [divisor].compactMap { $0 } }

    /// UCUM, of the value that operators are shown; nil if the measurements are not of `profile`.
    package func unit(in profile: DeviceProfile) -> String? {
        guard let unit = profile.measurements.first(where: { $0.name == measurement })?.unit else {
            return nil
        }
        if divisor != nil { return "1" }
        switch window?.figure {
        case .hours: return "h"
        case .deviation: return "σ"
        case .statistic(.rate): return "\(unit)/h"
        case .statistic(.count): return "1"
        default: return unit
        }
    }
}

package struct AlertThreshold: Sendable, Equatable {
    package var signal: AlertSignal
    package var limit: AlertLimit
    /// Limits for some times or regimes instead of it; the first whose time it is counts.
    package var variants: [Variant]

    package struct Variant: Sendable, Equatable {
        /// A calendar or a regime.
        package var during: String
        package var limit: AlertLimit

        package init(during: String, limit: AlertLimit) {
            self.during = during
            self.limit = limit
        }
    }

    package init(_ signal: AlertSignal, _ limit: AlertLimit, variants: [Variant] = []) {
        self.signal = signal
        self.limit = limit
        self.variants = variants
    }

    /// The limit that counts while `isOn` says of calendars and regimes whether it is their time.
    func limit(_ isOn: (String) -> Bool) -> AlertLimit {
        variants.first { isOn($0.during) }?.limit ?? limit
    }
}

package indirect enum AlertCondition: Sendable, Equatable {
    case threshold(AlertThreshold)
    case all([AlertCondition])
    case any([AlertCondition])
    /// The device, once heard, has been quiet for more than so many of its cadences.
    case quiet(cadences: Double)
    /// The device is in the registry and was never heard for so many cadences.
    case neverReported(cadences: Double)
    /// How many members of a group are in a condition, or what they measure together.
    case group(AlertGroup)

    /// Each reading, or a figure of a window, against a limit.
    package static func threshold(measurement: String, window: AlertWindow?, limit: AlertLimit)
        -> AlertCondition
    {
        .threshold(AlertThreshold(AlertSignal(measurement: measurement, window: window), limit))
    }

    /// In the order in which they are written.
    package var thresholds: [AlertThreshold] {
        switch self {
        case .threshold(let threshold): [threshold]
        case .all(let parts), .any(let parts): parts.flatMap(\.thresholds)
        case .quiet, .neverReported: []
        case .group(let group): group.thresholds
        }
    }

    /// The group it is about; nil if it is about one device.
    package var group: AlertGroup? {
        if case .group(let group) = self { group } else { nil }
    }

    /// What is asked of each device: of a group each member.
    package var ofEach: AlertCondition {
        guard let group else { return self }
        switch group.figure {
        case .share(let condition), .count(let condition): return condition
        case .mean(let signal): return .threshold(AlertThreshold(signal, group.limit))
        }
    }

    /// So many cadences of silence it looks for; nil if it looks at values.
    package var cadences: Double? {
        switch self {
        case .quiet(let cadences), .neverReported(let cadences): cadences
        default: nil
        }
    }

    /// Whether it holds, of thresholds of which some may not be known (Kleene's strong logic): what is not known decides
    /// nothing, unless the others decide without it.
    /// - Parameter known: by position in `thresholds`.
    func holds(_ known: (Int) -> Bool?) -> Bool? {
        var next = 0
        return holds(&next, known)
    }

    private func holds(_ next: inout Int, _ known: (Int) -> Bool?) -> Bool? {
        switch self {
        case .threshold:
            defer { next += 1 }
            return known(next)
        case .all(let parts): return Self.combined(parts, deciding: false, &next, known)
        case .any(let parts): return Self.combined(parts, deciding: true, &next, known)
        case .quiet, .neverReported, .group: return nil
        }
    }

    private static func combined(
        _ parts: [AlertCondition], deciding: Bool, _ next: inout Int, _ known: (Int) -> Bool?
    ) -> Bool? {
        var result: Bool? = !deciding
        for part in parts {
            let holds = part.holds(&next, known)
            if holds == deciding {
                result = deciding
            } else if holds == nil, result != deciding {
                result = nil
            }
        }
        return result
    }
}
