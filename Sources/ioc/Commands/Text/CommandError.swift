/// Why a command cannot do what it was asked: what, where, and what to do, in the operator's language.
struct CommandError: Error, CustomStringConvertible, Equatable {
    let description: String
    init(_ description: String) { self.description = description }
}
