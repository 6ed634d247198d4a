import Store
import Telemetry

/// A transition of an alert in one line.
enum EventLine {
    /// `2026-01-05 08:02:03  bình thường → chưa nhận  trung bình  SpeedLow  jr-001  Nút 1: 7 km/h`
    static func full(_ event: AlertEventAnswer, _ rendering: Rendering) -> StyledLine {
        var line = StyledLine(rendering.clock.full(event.atMs))
        append(event, rendering, to: &line)
        return line
    }

    /// The same with the time of day only.
    static func short(_ event: AlertEventAnswer, _ rendering: Rendering) -> StyledLine {
        var line = StyledLine(" " + rendering.clock.clock(event.atMs), .dim)
        line.append("  #\(event.alert)", .dim)
        append(event, rendering, to: &line)
        return line
    }

    private static func append(_ event: AlertEventAnswer, _ rendering: Rendering, to line: inout StyledLine) {
        let language = rendering.language
        let to = AlertState(rawValue: event.toState)
        let priority = AlertPriority(rawValue: event.priority)
        line.append("  \(AlertState.spoken(event.fromState, language)) → ")
        line.append(AlertState.spoken(event.toState, language), to.map(Style.of) ?? .plain)
        line.append("  ")
        line.append(AlertPriority.spoken(event.priority, language), priority.map(Style.of) ?? .plain)
        line.append("  \(event.rule)  \(event.device)  ")
        line.append(Title(vi: event.summaryVi, en: event.summaryEn)[language])
        if let name = event.operator { line.append("  (\(name)\(event.comment.map { ": " + $0 } ?? ""))") }
    }
}
