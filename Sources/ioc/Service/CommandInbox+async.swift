import Console
import Pipeline
import Telemetry

extension CommandInbox {
    /// Waits until the transition is durable.
    func send(_ command: AlertCommand) async -> Result<AlertEvent, ConsoleSources.Refusal> {
        await withCheckedContinuation { continuation in
            put(command) { continuation.resume(returning: $0.mapError(\.shown)) }
        }
    }

    /// Waits until the switch is durable.
    func send(_ change: RegimeSwitch) async -> Result<RegimeSwitch, ConsoleSources.Refusal> {
        await withCheckedContinuation { continuation in
            put(change) { continuation.resume(returning: $0.mapError(\.shown)) }
        }
    }
}

extension CommandInbox.Refusal {
    fileprivate var shown: ConsoleSources.Refusal {
        switch self {
        case .notPossible: .notPossible
        case .busy: .busy
        case .undecided: .undecided
        }
    }
}
