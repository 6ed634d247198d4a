import Subprocess
import SystemPackage

/// A program that gets the JSON on standard input. Exit code 0 is a receipt.
struct CommandDelivery: Delivery {
    let words: [String]
    var patience = Duration.seconds(30)

    /// Of what it says, so much is looked at.
    private static let mostOutput = 4 << 10

    func deliver(_ message: NotificationMessage) async throws -> String {
        let (status, output) = try await withThrowingTaskGroup(of: (TerminationStatus, String)?.self) {
            group in
            group.addTask { try await run(message) }
            group.addTask {
                try? await Task.sleep(for: patience)
                return nil
            }
            defer { group.cancelAll() }
            guard let ended = try await group.next(), let ended else {
                throw DeliveryFailure("killed: it ran for longer than \(patience.components.seconds) s")
            }
            return ended
        }
        let line = output.split(whereSeparator: \.isNewline).first.map { ": \($0)" } ?? ""
        let answer = status.sentence + line
        guard status.isSuccess else { throw DeliveryFailure(answer) }
        return answer
    }

    private func run(_ message: NotificationMessage) async throws -> (TerminationStatus, String) {
        var options = PlatformOptions()
        // What it started goes with it, at once: no further step is taken once the program itself has ended.
        options.createSession = true
        options.teardownSequence = [
            .send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: .zero)
        ]
        do {
            let result = try await Subprocess.run(
                .path(FilePath(words[0])), arguments: .init(Array(words.dropFirst())),
                platformOptions: options,
                input: .inputWriter, output: .sequence, error: .combinedWithOutput
            ) { execution in
                // A program need not read what it is given: its exit code counts.
                async let given: Void = give(message.body, to: execution.standardInputWriter)
                var output: [UInt8] = []
                for try await buffer in execution.standardOutput where output.count < Self.mostOutput {
                    output += buffer.withUnsafeBytes { Array($0) }
                }
                await given
                return String(decoding: output.prefix(Self.mostOutput), as: UTF8.self)
            }
            return (result.terminationStatus, result.closureResult)
        } catch {
            throw DeliveryFailure("cannot run \(words[0]): \(error)")
        }
    }

    private func give(_ body: [UInt8], to input: StandardInputWriter) async {
        _ = try? await input.write(body)
        try? await input.finish()
    }
}

extension TerminationStatus {
    fileprivate var sentence: String {
        switch self {
        case .exited(let code): "exit code \(code)"
        case .signaled(let signal): "killed by signal \(signal)"
        }
    }
}
