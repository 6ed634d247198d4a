import Telemetry

extension RollupDetail {
    /// First byte of a stored detail.
    private enum Mark: UInt8 {
        case quantiles = 1
        case states = 2
    }

    /// nil for none.
    func encode() -> [UInt8]? {
        switch self {
        case .none: nil
        case .quantiles(let sketch): [Mark.quantiles.rawValue] + sketch.encode()
        case .states(let history): [Mark.states.rawValue] + history.encode()
        }
    }

    /// None if the bytes cannot be read: the figures of the rollup are still good.
    init(decoding bytes: [UInt8]?) {
        self = .none
        guard let bytes, let first = bytes.first, let mark = Mark(rawValue: first) else { return }
        let rest = Array(bytes.dropFirst())
        switch mark {
        case .quantiles: if let sketch = QuantileSketch(decoding: rest) { self = .quantiles(sketch) }
        case .states: if let history = StateHistory(decoding: rest) { self = .states(history) }
        }
    }

    func quantile(_ quantile: Double) -> Double? {
        if case .quantiles(let sketch) = self { return sketch.value(at: quantile) }
        return nil
    }

    /// `{"0":54000,"1":6000}`: milliseconds in each state, for people.
    func timeInState(until end: Milliseconds) -> String? {
        guard case .states(let history) = self else { return nil }
        let parts = history.timeInState(until: end).map { "\"\(AlertText.number($0.value))\":\($0.time)" }
        return "{\(parts.joined(separator: ","))}"
    }
}
