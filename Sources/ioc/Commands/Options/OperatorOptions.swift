import ArgumentParser
import Foundation

/// Who acts on an alert.
struct OperatorOptions: ParsableArguments {
    @Option(name: .customLong("operator"), help: "Your name in the alert's history. (default: $USER)")
    var operatorName: String?

    /// nil if neither the flag nor the environment tells.
    var known: String? {
        let found = operatorName ?? ProcessInfo.processInfo.environment["USER"] ?? ""
        return found.contains { !$0.isWhitespace } ? found : nil
    }

    /// - Throws: `ValidationError` if nobody knows.
    func name() throws -> String {
        guard let known else {
            throw UsageFault.of(
                vi: "bạn là ai? Hãy xưng tên bằng --operator TÊN, hoặc đặt biến USER",
                en: "who are you? Name yourself with --operator NAME, or set USER")
        }
        return known
    }
}
