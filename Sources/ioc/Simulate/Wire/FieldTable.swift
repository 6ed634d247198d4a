import Telemetry

/// The fields of a profile while its plan is made: each place of the payload once, however many measurements use it.
struct FieldTable {
    let profile: DeviceProfile
    private(set) var leaves: [WireLeaf] = []
    /// Fields by leaf, as the file names them.
    private(set) var names: [String] = []
    private(set) var stars: [(prefix: String, leaves: [Int])] = []
    private var owners: [Int] = []

    init(_ profile: DeviceProfile) { self.profile = profile }

    /// A payload must not grow beyond what one may send, however many things are counted.
    private static let mostElements = 300.0

    mutating func addColumn(_ index: Int) -> PayloadPlan.Column {
        let field = profile.wire.fields[index]
        let measurement = profile.measurements[index]
        let isRatio = measurement.kind == .ratio
        var column = PayloadPlan.Column(
            leaf: addLeaf(isRatio ? field.numerator ?? "" : field.field ?? "", index), denominator: nil,
            scale: isRatio ? 1 : field.scale, offset: isRatio ? 0 : field.offset, fallback: field.fallback,
            high: measurement.valid?.upperBound ?? .infinity)
        if isRatio { column.denominator = addLeaf(field.denominator ?? "", index) }
        return column
    }

    private mutating func addLeaf(_ name: String, _ index: Int) -> Int {
        if let known = names.firstIndex(of: name) {
            owners[known] += 1
            return known
        }
        let leaf = makeLeaf(name, index)
        leaves.append(leaf)
        names.append(name)
        owners.append(1)
        if leaf.reduction != nil { addStar(name) }
        return leaves.count - 1
    }

    private func makeLeaf(_ name: String, _ index: Int) -> WireLeaf {
        let field = profile.wire.fields[index]
        let measurement = profile.measurements[index]
        let isJSON = profile.wire.form == .json
        let reduction = isJSON ? field.reduction : nil
        let style: WireLeaf.Style =
            if reduction != nil || measurement.kind == .ratio {
                .number
            } else if !field.words.isEmpty {
                .words(field.words.map { (Array($0.word.utf8), $0.value) })
            } else if measurement.kind == .state, profile.wire.form != .csv {
                .flag
            } else {
                .number
            }
        return WireLeaf(
            style: style, number: number(name, measurement, field, reduction),
            isText: field.numbersAreText && isJSON, decimal: field.decimal, reduction: reduction)
    }

    private func number(
        _ name: String, _ measurement: Measurement, _ field: Wire.Field, _ reduction: Reduction?
    ) -> WireNumber {
        if profile.wire.form == .cayenneLPP, let place = CayenneLPPField(name) {
            let isRatio = measurement.kind == .ratio
            return WireNumber(
                place.type, part: place.part, scale: isRatio ? 1 : field.scale,
                offset: isRatio ? 0 : field.offset, valid: isRatio ? nil : measurement.valid)
        }
        if measurement.kind == .ratio { return .count }
        if reduction == .count {
            let most = Self.mostElements * field.scale + field.offset
            let least = field.offset
            let range = min(least, most)...max(least, most)
            let valid = measurement.valid.map { $0.clamped(to: range) } ?? range
            return WireNumber(scale: field.scale, offset: field.offset, valid: valid, span: 1, isWhole: true)
        }
        let simulation = measurement.simulation ?? Simulation()
        let size = abs(simulation.base) + abs(simulation.swing) + abs(simulation.surge?.height ?? 0)
        return WireNumber(
            scale: field.scale, offset: field.offset, valid: measurement.valid,
            span: size > 0 ? size : abs(simulation.faultValue ?? 0),
            isWhole: simulation.isWhole || measurement.kind == .state)
    }

    private mutating func addStar(_ name: String) {
        let prefix = String(name.prefix { $0 != "*" })
        if let known = stars.firstIndex(where: { $0.prefix == prefix }) {
            stars[known].leaves.append(leaves.count - 1)
        } else {
            stars.append((prefix, [leaves.count - 1]))
        }
    }

    /// A field whose value is its default may be left out, as devices do, if nobody else reads it.
    mutating func omitFallbacks(_ columns: [PayloadPlan.Column]) {
        for column in columns where column.denominator == nil && owners[column.leaf] == 1 {
            guard let fallback = column.fallback, leaves[column.leaf].reduction == nil else { continue }
            let value = fallback * column.scale + column.offset
            let content = leaves[column.leaf].content(value, scale: column.scale, offset: column.offset)
            if leaves[column.leaf].raw(content, elements: 0) == fallback {
                leaves[column.leaf].omitted = content
            }
        }
    }

    func star(of leaf: Int) -> Int? { stars.firstIndex { $0.leaves.contains(leaf) } }
}
