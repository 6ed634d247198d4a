import Synchronization

extension Mutex where Value: RangeReplaceableCollection & Sendable {
    /// What is in it, which leaves it empty.
    func takeAll() -> Value {
        withLock { value in
            defer { value = Value() }
            return value
        }
    }
}
