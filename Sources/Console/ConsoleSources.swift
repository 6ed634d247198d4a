package import Store
package import Telemetry

/// What the console shows and asks for; handed in by the service, so that the console knows no pipeline.
package struct ConsoleSources: Sendable {
    package enum Refusal: Error, Sendable {
        /// The alert is not in a state that allows it.
        case notPossible
        /// Storage is stuck; try again later.
        case busy
        /// It may still be done once storage works again.
        case undecided
    }

    /// How a handover is written for people.
    package struct HandoverForm: Sendable {
        package var language: String
        /// HTML; otherwise plain text.
        package var isPage: Bool
    }

    package var reader: StoreReader
    package var feed: AlertFeed
    package var views: ConsoleViews
    package var status: @Sendable () throws -> StatusAnswer
    package var metrics: @Sendable () throws -> [Metric]
    /// Recovered, connected to the broker, and committing.
    package var isReady: @Sendable () -> Bool
    /// Returns once the transition is durable.
    package var command: @Sendable (AlertCommand) async -> Result<AlertEvent, Refusal>
    package var handover: @Sendable (Handover, HandoverForm) -> String
    package var names: KnownNames

    /// Returns once the switch is durable.
    package var switchRegime: @Sendable (RegimeSwitch) async -> Result<RegimeSwitch, Refusal>

    package init(
        reader: StoreReader, feed: AlertFeed, views: ConsoleViews = ConsoleViews(),
        status: @escaping @Sendable () throws -> StatusAnswer,
        metrics: @escaping @Sendable () throws -> [Metric], isReady: @escaping @Sendable () -> Bool,
        command: @escaping @Sendable (AlertCommand) async -> Result<AlertEvent, Refusal>,
        switchRegime: @escaping @Sendable (RegimeSwitch) async -> Result<RegimeSwitch, Refusal>,
        handover: @escaping @Sendable (Handover, HandoverForm) -> String, names: KnownNames
    ) {
        self.switchRegime = switchRegime
        self.reader = reader
        self.feed = feed
        self.views = views
        self.status = status
        self.metrics = metrics
        self.isReady = isReady
        self.command = command
        self.handover = handover
        self.names = names
    }
}

/// One figure of `/metrics`.
package struct Metric: Sendable, Equatable {
    package enum Kind: String, Sendable { case counter, gauge, histogram }
    /// By the conventions of Prometheus: base units, counters end in `_total`.
    package var name: String
    package var help: String
    package var kind: Kind
    /// Behind the name in its own line; the lines of a histogram have one name.
    package var suffix: String
    package var labels: [(name: String, value: String)]
    package var value: Double

    package init(
        _ name: String, _ help: String, _ kind: Kind, suffix: String = "",
        labels: [(name: String, value: String)] = [], value: Double
    ) {
        self.name = name
        self.help = help
        self.kind = kind
        self.suffix = suffix
        self.labels = labels
        self.value = value
    }

    package static func == (left: Metric, right: Metric) -> Bool {
        left.name == right.name && left.suffix == right.suffix && left.value == right.value
            && left.labels.elementsEqual(right.labels, by: ==)
    }
}
