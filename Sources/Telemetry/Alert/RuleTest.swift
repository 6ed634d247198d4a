/// A unit test of an alert rule: readings over time, and the states an operator must see.
package struct RuleTest: Sendable {
    package var name: String
    package var rule: String
    /// Device of the fleet; nil: the first the rule fits.
    package var device: String?
    /// Of a rule on groups the group, `ward:phu-hoi`; nil: the first.
    package var group: String?
    package var start: Milliseconds
    /// Time between two values of a series.
    package var step: Milliseconds
    package var series: [Series]
    /// Whether the device's gateway is heard, once a step; nil: the device is heard by itself.
    package var gateway: [Bool]?
    /// What an operator does to the alert.
    package var acts: [Act]
    /// Times since start at which an operator switches a regime.
    package var regimes: [RegimeSwitch]
    package var expectations: [Expectation]
    /// Where it stands, for reports.
    package var place: String

    package struct Series: Sendable {
        /// nil: every device of the test.
        package var device: String?
        package var measurement: String
        /// nil where the reading is missing.
        package var values: [Double?]
        package init(device: String? = nil, measurement: String, values: [Double?]) {
            self.device = device
            self.measurement = measurement
            self.values = values
        }
    }

    package struct Expectation: Sendable {
        /// Since start.
        package var at: Milliseconds
        package var state: AlertState
        /// How many units were told besides the lead; nil: that is not asked.
        package var escalated: Int?
        /// Whether it stands while its device is silent; nil: that is not asked.
        package var isUnverified: Bool?
        package var place: String
        package init(
            at: Milliseconds, state: AlertState, escalated: Int? = nil, isUnverified: Bool? = nil,
            place: String
        ) {
            self.at = at
            self.state = state
            self.escalated = escalated
            self.isUnverified = isUnverified
            self.place = place
        }
    }

    /// What an operator does at a moment.
    package struct Act: Sendable, Equatable {
        package enum Kind: Sendable, Equatable {
            case acknowledge, reset, unshelve
            case shelve(length: Milliseconds, isOneShot: Bool)
            case takeOutOfService, putIntoService
        }

        /// Since start.
        package var at: Milliseconds
        package var kind: Kind
        package init(at: Milliseconds, _ kind: Kind) {
            self.at = at
            self.kind = kind
        }
    }

    /// What did not come as expected.
    package struct Failure: Sendable, Equatable {
        package var place: String
        package var message: String
        package init(place: String, message: String) {
            self.place = place
            self.message = message
        }
    }

    package init(
        name: String, rule: String, device: String? = nil, group: String? = nil, start: Milliseconds,
        step: Milliseconds = Span.minute, series: [Series], gateway: [Bool]? = nil, acts: [Act] = [],
        regimes: [RegimeSwitch] = [], expectations: [Expectation], place: String = ""
    ) {
        self.gateway = gateway
        self.acts = acts
        self.group = group
        self.regimes = regimes
        self.name = name
        self.rule = rule
        self.device = device
        self.start = start
        self.step = step
        self.series = series
        self.expectations = expectations
        self.place = place
    }
}

extension RuleTest.Series {
    /// More would be no unit test.
    package static let maximumValues = 100_000

    /// The values of `20x5 _ 7.5 _x3`; nil if a word is none of these.
    package static func parse(_ text: String) -> [Double?]? {
        var values: [Double?] = []
        for word in text.split(separator: " ") {
            let parts = word.split(separator: "x", omittingEmptySubsequences: false)
            guard let first = parts.first, parts.count <= 2 else { return nil }
            let times = parts.count == 2 ? Int(parts[1]) : 1
            guard let times, times > 0, times <= maximumValues - values.count else { return nil }
            let value = first == "_" ? nil : Double(first)
            guard first == "_" || value?.isFinite ?? false else { return nil }
            values.append(contentsOf: repeatElement(value, count: times))
        }
        return values
    }
}
