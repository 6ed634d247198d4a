/// A mistake in a file, with its place: `devices/x/y.yaml:14:12: scale: expected a number, found "x"`.
package struct LocatedFault: Error, Sendable, Equatable, Comparable, CustomStringConvertible {
    package var file: String
    /// From 1.
    package var line: Int
    /// From 1, in Unicode scalars.
    package var column: Int
    package var message: String

    package init(file: String, line: Int = 1, column: Int = 1, message: String) {
        self.file = file
        self.line = line
        self.column = column
        self.message = message
    }

    /// - Parameter place: `file:line:column`, as examples, rules and rule tests carry it.
    package init(place: String, message: String) {
        let parts = place.split(separator: ":", omittingEmptySubsequences: false)
        let numbers = parts.suffix(2).compactMap { Int($0) }
        if parts.count > 2, numbers.count == 2 {
            let file = parts.dropLast(2).joined(separator: ":")
            self.init(file: file, line: numbers[0], column: numbers[1], message: message)
        } else {
            self.init(file: place, message: message)
        }
    }

    package var place: String { "\(file):\(line):\(column)" }
    package var description: String { "\(place): \(message)" }

    package static func < (left: LocatedFault, right: LocatedFault) -> Bool {
        (left.file, left.line, left.column, left.message) < (
            right.file, right.line, right.column, right.message
        )
    }
}

/// Everything that is wrong with the files, in order of file, line and column.
package struct CatalogFaults: Error, Sendable, Equatable, CustomStringConvertible {
    package let faults: [LocatedFault]

    package init(_ faults: [LocatedFault]) { self.faults = faults.sorted() }

    package var description: String { faults.map(\.description).joined(separator: "\n") }
}
