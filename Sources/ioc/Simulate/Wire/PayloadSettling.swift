import Telemetry

/// From values that were made up to contents that can be written, and from those to what a decoder will read.
extension PayloadPlan {
    /// Two measurements may share a field: the first to fill it wins, and ratios adapt to what is there.
    func settle(_ drawn: [MessageDraft.Drawn], into contents: UnsafeMutableBufferPointer<Int64>) {
        for (index, column) in columns.enumerated() where column.denominator == nil {
            guard contents[column.leaf] == WireLeaf.absent, !drawn[index].value.isNaN else { continue }
            contents[column.leaf] = settled(drawn[index].value, column, contents)
        }
        for (index, column) in columns.enumerated() where column.denominator != nil {
            settleRatio(drawn[index], column, contents)
        }
    }

    private func settled(_ value: Double, _ column: Column, _ contents: UnsafeMutableBufferPointer<Int64>)
        -> Int64
    {
        let leaf = leaves[column.leaf]
        let content = leaf.content(value, scale: column.scale, offset: column.offset)
        guard leaf.reduction == .mean || leaf.reduction == .sum, leaf.number.decimals > 0 else {
            return content
        }
        // The sum of parts may round beyond the edge that the whole stands on: one step inward is inside.
        guard content == leaf.number.bounds.upperBound, content > leaf.number.bounds.lowerBound else {
            return content
        }
        return content - 1
    }

    private func settleRatio(
        _ drawn: MessageDraft.Drawn, _ column: Column, _ contents: UnsafeMutableBufferPointer<Int64>
    ) {
        guard let denominator = column.denominator else { return }
        let share = max(drawn.value, 0)
        func number(_ leaf: Int) -> Double? { leaves[leaf].raw(contents[leaf], elements: 3) }
        func put(_ number: Double, _ leaf: Int) {
            contents[leaf] = leaves[leaf].number.mantissa(ofRaw: number)
        }
        switch (number(column.leaf), number(denominator)) {
        case _ where drawn.value.isNaN: break
        case (nil, nil):
            put(drawn.denominator.rounded(), denominator)
            put((share * drawn.denominator.rounded()).rounded(), column.leaf)
        case (nil, let all?): put((share * all).rounded(), column.leaf)
        case (let part?, nil):
            put(share > 0 ? max(part, (part / share).rounded()) : max(part, 1), denominator)
        case (.some, .some): break
        }
        // Others may have filled both, and a part is no larger than its whole.
        if let part = number(column.leaf), let all = number(denominator), part > all * column.high {
            put((all * column.high).rounded(.down), column.leaf)
        }
    }

    /// The readings of one record as a decoder will report them.
    ///
    /// - Parameter body: gets the measurement, its value and, of a ratio, the denominator.
    func forEachReading(_ contents: UnsafeBufferPointer<Int64>, _ body: (Int, Double, Double) -> Void) {
        func number(_ leaf: Int, _ fallback: Double?) -> Double? {
            let elements = leaves[leaf].reduction == nil ? 0 : starElements(of: leaf, contents)
            return leaves[leaf].raw(contents[leaf], elements: elements) ?? fallback
        }
        for (index, column) in columns.enumerated() {
            guard let value = number(column.leaf, column.fallback) else { continue }
            if let denominator = column.denominator {
                guard let all = number(denominator, column.fallback), all > 0 else { continue }
                body(index, value, all)
            } else {
                body(index, value * column.scale + column.offset, 1)
            }
        }
    }

    private func starElements(of leaf: Int, _ contents: UnsafeBufferPointer<Int64>) -> Int {
        guard let star = stars.firstIndex(where: { $0.contains(leaf) }) else { return 0 }
        return elements(ofStar: star, contents)
    }
}
