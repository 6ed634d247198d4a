import Telemetry

/// Builds the template of a JSON payload from a profile's pointers.
struct JSONTemplate {
    private final class Branch {
        var children: [(key: String, branch: Branch)] = []
        var any: Branch?
        var star: Int?
        var isRecord = false
        var step: PayloadTemplate.Step?
        /// What stands here in every payload.
        var text: String?

        func child(_ key: String) -> Branch {
            if let found = children.first(where: { $0.key == key }) { return found.branch }
            let branch = Branch()
            children.append((key, branch))
            return branch
        }

        var each: Branch {
            if let any { return any }
            let branch = Branch()
            any = branch
            return branch
        }
    }

    private let root = Branch()
    private let timeIsText: Bool
    private let devicePrefix: String

    init(timeIsText: Bool, devicePrefix: String) {
        self.timeIsText = timeIsText
        self.devicePrefix = devicePrefix
    }

    func addRecords(at tokens: [String]) { branch(tokens).isRecord = true }

    /// - Parameter star: number of the `*` on the way, if the field is reduced.
    func add(_ step: PayloadTemplate.Step, at tokens: [String], star: Int? = nil) {
        let branch = branch(tokens)
        if branch.step == nil { branch.step = step }
        guard let star, let level = tokens.lastIndex(of: "*") else { return }
        self.branch(Array(tokens[..<level])).star = star
    }

    /// Adds a text that is the same in every payload.
    func add(text: String, at tokens: [String]) {
        let branch = branch(tokens)
        if branch.text == nil { branch.text = text }
    }

    private func branch(_ tokens: [String]) -> Branch {
        tokens.reduce(root) { branch, token in token == "*" ? branch.each : branch.child(token) }
    }

    func build() -> PayloadTemplate {
        var template = PayloadTemplate()
        write(root, into: &template)
        return template
    }

    private func write(_ branch: Branch, into template: inout PayloadTemplate) {
        if let any = branch.any {
            writeAll(any, of: branch, into: &template)
        } else if branch.children.isEmpty {
            writeValue(branch, into: &template)
        } else if let selections = selections(branch) {
            writeSelections(selections, into: &template)
        } else if let positions = positions(branch) {
            writeArray(branch, positions, into: &template)
        } else {
            template.add("{")
            writeMembers(branch, into: &template)
            template.add("}")
        }
    }

    private func writeValue(_ branch: Branch, into template: inout PayloadTemplate) {
        switch branch.step {
        case .device:
            var quoted: [UInt8] = []
            quoted.append(quoted: devicePrefix.utf8)
            template.add(quoted.dropLast())
            template.add(.device)
            template.add("\"")
        case .time where timeIsText, .layout:
            template.add("\"")
            template.add(branch.step!)
            template.add("\"")
        case let step?: template.add(step)
        case nil:
            guard let text = branch.text else { return template.add("null") }
            var quoted: [UInt8] = []
            quoted.append(quoted: text.utf8)
            template.add(quoted)
        }
    }

    private func writeMembers(_ branch: Branch, into template: inout PayloadTemplate) {
        for (index, child) in branch.children.enumerated() {
            var key: [UInt8] = index > 0 ? [UInt8(ascii: ",")] : []
            key.append(quoted: child.key.utf8)
            key.append(UInt8(ascii: ":"))
            template.add(key)
            write(child.branch, into: &template)
        }
    }

    /// Everything under a `*`: records, or parts of a reduced value; with members of their own beside them in an object.
    private func writeAll(_ any: Branch, of branch: Branch, into template: inout PayloadTemplate) {
        var body = PayloadTemplate()
        write(any, into: &body)
        if any.isRecord {
            template.add("[")
            template.add(body: body) { .records(body: $0, separator: UInt8(ascii: ",")) }
            template.add("]")
            return
        }
        let star = branch.star ?? 0
        // Both forms are read alike; odd ones are written as objects so that both are met.
        let isObject = !branch.children.isEmpty || star % 2 == 1
        template.add(isObject ? "{" : "[")
        if !branch.children.isEmpty {
            writeMembers(branch, into: &template)
            template.add(",")
        }
        template.add(body: body) { .elements(star: star, body: $0, isObject: isObject) }
        template.add(isObject ? "}" : "]")
    }

    /// What the elements of an array say of themselves, if they are found by that.
    private func selections(_ branch: Branch) -> [(ElementSelection, Branch)]? {
        let found = branch.children.compactMap { child in
            ElementSelection(child.key).map { ($0, child.branch) }
        }
        return found.count == branch.children.count ? found : nil
    }

    private func writeSelections(
        _ selections: [(ElementSelection, Branch)], into template: inout PayloadTemplate
    ) {
        for (index, (selection, branch)) in selections.enumerated() {
            var head = Array((index == 0 ? "[{" : ",{").utf8)
            head.append(quoted: selection.member.utf8)
            head.append(UInt8(ascii: ":"))
            head.append(quoted: selection.word.utf8)
            head.append(UInt8(ascii: ","))
            template.add(head)
            writeMembers(branch, into: &template)
            template.add("}")
        }
        template.add("]")
    }

    /// The positions of an array's elements if all keys are such.
    private func positions(_ branch: Branch) -> [Int: Branch]? {
        var positions: [Int: Branch] = [:]
        for (key, child) in branch.children {
            guard let position = Int(key), String(position) == key, (0..<100).contains(position) else {
                return nil
            }
            positions[position] = child
        }
        return positions
    }

    private func writeArray(
        _ branch: Branch, _ positions: [Int: Branch], into template: inout PayloadTemplate
    ) {
        template.add("[")
        for position in 0...(positions.keys.max() ?? 0) {
            if position > 0 { template.add(",") }
            if let child = positions[position] { write(child, into: &template) } else { template.add("null") }
        }
        template.add("]")
    }
}
