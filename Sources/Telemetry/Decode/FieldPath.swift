/// A JSON Pointer of a profile: absolute, or relative to a record if it starts with `./`.
package struct FieldPath: Hashable, Sendable {
    /// Unescaped reference tokens from the root; `*` is every element.
    /// `[member=word]` is the element with that member.
    package let tokens: [String]
    package let isInRecord: Bool
    /// Whether values of several elements must be reduced to one.
    package let isMany: Bool
    /// How many of the tokens lead to what is of one device each, where several devices share a payload.
    package private(set) var ownerLevels: Int?
    /// Whether the last of these tokens is the key that names the device: `{device}`.
    package private(set) var isKeyedByDevice = false

    package enum Mistake: Error, Equatable, Sendable {
        case noPointer(String)
        case relativeWithoutRecords(String)
        case tooManyStars(String)
        case noRecords(String)
        case noCayenneField(String)
    }

    /// - Parameter records: pointer to the records, if there are any.
    package init(_ text: String, records: FieldPath?) throws(Mistake) {
        let isRelative = text.utf8.starts(with: "./".utf8)
        if isRelative, records == nil { throw .relativeWithoutRecords(text) }
        guard let own = JSONPathTree.tokens(isRelative ? String(text.unicodeScalars.dropFirst()) : text)
        else {
            throw .noPointer(text)
        }
        let stars = own.count { $0 == "*" }
        guard stars <= 1 else { throw .tooManyStars(text) }
        tokens = (isRelative ? records?.tokens ?? [] : []) + own
        isInRecord = isRelative
        isMany = stars == 1
    }

    /// A pointer whose elements are records: it ends in `/*`, or in `/{device}` if its members are named for devices.
    /// Above the records one level more may be either.
    package init(records text: String) throws(Mistake) {
        guard let tokens = JSONPathTree.tokens(text) else { throw .noPointer(text) }
        let isDevice = tokens.map { $0 == Self.deviceKey }
        let isStar = tokens.map { $0 == "*" }
        let levels = zip(isDevice, isStar).map { $0 || $1 }
        guard levels.last == true, levels.count(where: \.self) <= 2, isDevice.count(where: \.self) <= 1 else {
            throw .noRecords(text)
        }
        self.tokens = tokens.map { $0 == Self.deviceKey ? "*" : $0 }
        isInRecord = true
        isMany = false
        ownerLevels = isDevice.firstIndex(of: true).map { $0 + 1 }
        isKeyedByDevice = ownerLevels != nil
        // A level above the records without a name for it would only be lost.
        if !isKeyedByDevice, levels.count(where: \.self) == 2 {
            ownerLevels = levels.firstIndex(of: true)! + 1
        }
    }

    /// A member whose name is the device of all that is in it.
    private static let deviceKey = "{device}"

    /// The pointer of a device that stands above several records: `/sensors/*/id` beside the records
    /// `/sensors/*/values/*`; nil if `text` is no such pointer.
    package init?(owner text: String, above records: FieldPath?) {
        guard let records, let levels = records.ownerLevels, !records.isKeyedByDevice,
            let tokens = JSONPathTree.tokens(text), tokens.count > levels,
            tokens.starts(with: records.tokens[..<levels]), !tokens[levels...].contains("*")
        else { return nil }
        self.tokens = tokens
        isInRecord = true
        isMany = false
        ownerLevels = levels
    }

    /// Whether the two cannot be read in one walk: one names a level that the other takes whole, or reads into a value
    /// of the other.
    package func conflicts(with other: FieldPath) -> Bool {
        for (token, otherToken) in zip(tokens, other.tokens) where token != otherToken {
            return token == "*" || otherToken == "*"
                || ElementSelection(token)?.member != ElementSelection(otherToken)?.member
        }
        return tokens.count != other.tokens.count
    }
}

/// A level of a pointer that finds an element by what it says of itself: `[variable=t]` is, in an array, the object whose
/// member `variable` is the text, number or boolean `t`.
package struct ElementSelection: Hashable, Sendable {
    package let member: String
    package let word: String

    /// nil if `token` is a plain key.
    package init?(_ token: String) {
        let scalars = token.unicodeScalars
        guard scalars.first == "[", scalars.last == "]", let equals = scalars.firstIndex(of: "="),
            equals > scalars.index(after: scalars.startIndex)
        else { return nil }
        member = String(scalars[scalars.index(after: scalars.startIndex)..<equals])
        word = String(scalars[scalars.index(after: equals)...].dropLast())
    }
}
