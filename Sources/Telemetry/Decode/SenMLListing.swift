/// The resolved records of a SenML pack (RFC 8428 section 4.6) by their own names: for people, not for the hot path.
package enum SenMLListing {
    package struct Record: Sendable {
        package var name: String
        package var time: Milliseconds
        package var value: JSONLeaves.Value?
        package var unit: String?
    }

    package static func list(_ payload: [UInt8], now: Milliseconds) -> Result<[Record], Rejection> {
        switch JSONLeaves.list(payload) {
        case .failure(let rejection): return .failure(rejection)
        case .success(let leaves):
            guard payload.first(where: { $0 > 0x20 }) == UInt8(ascii: "[") else {
                return .failure(Rejection(.notSenML))
            }
            return resolve(leaves, now)
        }
    }

    /// Base fields hold until they appear again.
    private struct Base {
        var name = ""
        var time = 0.0
        var unit: String?
        var value: Double?
    }

    private static func resolve(_ leaves: [(pointer: String, value: JSONLeaves.Value)], _ now: Milliseconds)
        -> Result<[Record], Rejection>
    {
        var base = Base()
        var records: [Record] = []
        var rest = leaves[...]
        while let first = rest.first {
            guard let index = first.pointer.split(separator: "/").first else {
                return .failure(Rejection(.notSenML))
            }
            let own = rest.prefix { $0.pointer.split(separator: "/").first == index }
            rest = rest.dropFirst(own.count)
            var members: [String: JSONLeaves.Value] = [:]
            for leaf in own {
                let parts = leaf.pointer.split(separator: "/")
                guard parts.count == 2, !parts[1].hasSuffix("_") else {
                    return .failure(Rejection(.notSenML))
                }
                members[String(parts[1])] = leaf.value
            }
            switch record(members, &base, now) {
            case .success(let record?): records.append(record)
            case .success(nil): break
            case .failure(let rejection): return .failure(rejection)
            }
        }
        return .success(records)
    }

    private static func record(_ members: [String: JSONLeaves.Value], _ base: inout Base, _ now: Milliseconds)
        -> Result<Record?, Rejection>
    {
        func number(_ label: String) -> Double? {
            if case .number(let number)? = members[label] { number } else { nil }
        }
        func text(_ label: String) -> String? {
            if case .text(let text)? = members[label] { text } else { nil }
        }
        base.name = text("bn") ?? base.name
        base.time = number("bt") ?? base.time
        base.unit = text("bu") ?? base.unit
        base.value = number("bv") ?? base.value
        let value = members["v"] ?? members["vs"] ?? members["vb"] ?? members["vd"]
        guard value != nil || members["n"] != nil, value != nil || base.value != nil || members["s"] != nil
        else { return .success(nil) }
        let sum = base.time + (number("t") ?? 0)
        let seconds = sum < 268_435_456 ? sum + Double(now) / 1_000 : sum
        var resolved = value ?? base.value.map { .number($0) } ?? members["s"]
        if let own = number("v") { resolved = .number(own + (base.value ?? 0)) }
        guard let time = Milliseconds(exactly: (seconds * 1_000).rounded()) else {
            return .failure(Rejection(.notATime))
        }
        return .success(
            Record(
                name: base.name + (text("n") ?? ""), time: time, value: resolved,
                unit: text("u") ?? base.unit))
    }
}
