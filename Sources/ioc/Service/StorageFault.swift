import Store
import Synchronization

/// Why nothing can be stored at the moment: written by the drain thread, read by the status page.
final class StorageFault: Sendable {
    private let fault = Mutex<String?>(nil)
    private let end = Mutex<StoreError?>(nil)

    /// The fault that ended the service: only a new start can store again.
    var fatal: StoreError? { end.withLock { $0 } }

    func noteFatal(_ error: StoreError) { end.withLock { $0 = error } }

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
