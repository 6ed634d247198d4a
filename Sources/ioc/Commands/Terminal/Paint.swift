import Telemetry

/// How a piece of text stands out.
enum Style: Sendable, Equatable {
    case plain, bold, dim, red, green, yellow, cyan, alarm, selected

    /// Parameters of "select graphic rendition" (ECMA-48, 8.3.117).
    fileprivate var code: String {
        switch self {
        case .plain: ""
        case .bold: "1"
        case .dim: "2"
        case .red: "31"
        case .green: "32"
        case .yellow: "33"
        case .cyan: "36"
        case .alarm: "1;97;41"
        case .selected: "7"
        }
    }

    static func of(_ priority: AlertPriority) -> Style {
        switch priority {
        case .critical: .alarm
        case .high: .red
        case .medium: .yellow
        case .low: .cyan
        }
    }

    static func of(_ state: AlertState) -> Style {
        switch state {
        case .unacknowledged: .bold
        case .returned: .green
        case .latched: .cyan
        case .acknowledged, .normal, .pending, .shelved, .suppressed, .outOfService: .dim
        }
    }
}

/// Puts colour on text, or leaves it as it is.
struct Paint: Sendable {
    let isOn: Bool

    func callAsFunction(_ text: String, _ style: Style) -> String {
        isOn && style != .plain && !text.isEmpty ? "\u{1B}[\(style.code)m\(text)\u{1B}[0m" : text
    }
}
