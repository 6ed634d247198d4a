import Synchronization

/// Why nothing can be stored at the moment: written by the drain thread, read by the status page.
final class StorageFault: Sendable {
    private let fault = Mutex<String?>(nil)

    var current: String? { fault.withLock { $0 } }

    /// - Returns: whether this is news.
    func note(_ sentence: String) -> Bool {
        fault.withLock { fault in
            defer { fault = sentence }
            return fault != sentence
        }
    }

    /// - Returns: whether there was a fault.
    @discardableResult
    func clear() -> Bool {
        fault.withLock { fault in
            defer { fault = nil }
            return fault != nil
        }
    }
}
