/// Stops the program where a promise is broken; libFuzzer then keeps the input that broke it.
@inline(__always)
package func hold(_ isHeld: Bool, _ promise: @autoclosure () -> String) {
    if !isHeld { fatalError("broken promise: \(promise())") }
}
