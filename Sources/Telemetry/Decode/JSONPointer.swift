package enum JSONPointer {
    /// `~` and `/` inside a token (RFC 6901 section 3).
    package static func escaped(_ token: String) -> String {
        guard token.contains(where: { $0 == "~" || $0 == "/" }) else { return token }
        return String(token.flatMap { $0 == "~" ? "~0" : $0 == "/" ? "~1" : String($0) })
    }
}
