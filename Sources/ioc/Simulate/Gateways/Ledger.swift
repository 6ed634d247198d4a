import Glibc
import Synchronization

/// The file that says what was published: a line stands in it as soon as the broker has acknowledged the message, so that
/// it survives the end of this process.
final class Ledger: Sendable {
    private let descriptor: Int32
    private let failure = Atomic<Int32>(0)

    /// - Throws: a sentence about the file.
    init(path: String) throws(ServiceFault) {
        // Appending: several gateways write whole lines, each in one call.
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw ServiceFault("cannot write the ledger \(path): \(String(cString: strerror(errno)))")
        }
    }

    deinit { close(descriptor) }

    func write(_ line: [UInt8]) {
        line.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let written = Glibc.write(
                    descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if written < 0 {
                    guard errno == EINTR else { return failure.store(errno, ordering: .relaxed) }
                } else {
                    rest = rest.dropFirst(written)
                }
            }
        }
    }

    /// What went wrong while writing, if anything did.
    var error: ServiceFault? {
        let code = failure.load(ordering: .relaxed)
        return code == 0 ? nil : ServiceFault("the ledger is incomplete: \(String(cString: strerror(code)))")
    }
}
