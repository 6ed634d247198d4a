import Console
import Pipeline
import Telemetry

extension CommandInbox {
    /// Waits until the transition is durable.
    func send(_ command: AlertCommand) async -> Result<AlertEvent, ConsoleSources.Refusal> {
        await withCheckedContinuation { continuation in
            put(command) { result in
                continuation.resume(
                    returning: result.mapError { refusal in
                        switch refusal {
                        case .notPossible: .notPossible
                        case .busy: .busy
                        }
                    })
            }
        }
    }
}
