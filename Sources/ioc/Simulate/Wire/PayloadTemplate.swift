/// A payload with holes, as steps to run through: all text between two holes is one piece.
struct PayloadTemplate {
    enum Step {
        /// A range of `literals`.
        case text(Range<Int>)
        case leaf(Int)
        case time
        case sequence
        case device
        /// The next `body` steps once per record, with `separator` between two of them.
        case records(body: Int, separator: UInt8?)
        /// The next `body` steps once per element under a `*`: of an array, or of an object with made-up keys.
        case elements(star: Int, body: Int, isObject: Bool)
        /// The next `body` steps as one record of a SenML pack, unless its leaf is left out.
        case packed(leaf: Int, body: Int)
        /// The records as the plan's layout has them: where fields are named or bytes, a template has no holes to fill.
        case layout
    }

    private(set) var steps: [Step] = []
    private(set) var literals: [UInt8] = []

    mutating func add(_ text: some Sequence<UInt8>) {
        let start = literals.count
        literals.append(contentsOf: text)
        guard literals.count > start else { return }
        // Text behind text continues it, unless a body begins here: bodies are added whole, so none can.
        if case .text(let before)? = steps.last, before.upperBound == start {
            steps[steps.count - 1] = .text(before.lowerBound..<literals.count)
        } else {
            steps.append(.text(start..<literals.count))
        }
    }

    mutating func add(_ text: String) { add(text.utf8) }

    mutating func add(_ step: Step) { steps.append(step) }

    /// Adds the steps of `body` behind the step that repeats them.
    mutating func add(body: PayloadTemplate, behind step: (_ count: Int) -> Step) {
        steps.append(step(body.steps.count))
        let shift = literals.count
        literals.append(contentsOf: body.literals)
        for step in body.steps {
            if case .text(let range) = step {
                steps.append(.text(range.lowerBound + shift..<range.upperBound + shift))
            } else {
                steps.append(step)
            }
        }
        // Keeps text that follows from growing into the body.
        literals.append(0)
    }
}
