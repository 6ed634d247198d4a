/// Something that is built on one thread and then belongs to one other.
///
/// `@unchecked Sendable`: the builder keeps no reference, or calls only what is documented as safe from any thread.
struct HandedOver<Value>: @unchecked Sendable {
    let value: Value
    init(_ value: Value) { self.value = value }
}
