import Telemetry

/// What a console announces, in one line.
enum AnnouncementLine {
    static func full(_ announcement: ConsoleAnnouncement, _ rendering: Rendering) -> StyledLine {
        line(rendering.clock.full(announcement.atMs), announcement, rendering)
    }

    /// The same with the time of day only.
    static func short(_ announcement: ConsoleAnnouncement, _ rendering: Rendering) -> StyledLine {
        line(" " + rendering.clock.clock(announcement.atMs), announcement, rendering)
    }

    private static func line(
        _ time: String, _ announcement: ConsoleAnnouncement, _ rendering: Rendering
    ) -> StyledLine {
        let language = rendering.language
        var line = StyledLine(time, .dim)
        let count = announcement.count ?? 0
        switch announcement.kind {
        case .alert: break
        case .floodBegan:
            line.append(
                "  "
                    + language(
                        vi: "DỒN DẬP: \(count) cảnh báo, từ nay gộp nhóm",
                        en: "FLOOD: \(count) alerts, grouped from now on"),
                .alarm)
        case .floodEnded:
            line.append(
                "  "
                    + language(vi: "hết dồn dập: \(count) cảnh báo", en: "the flood is over: \(count) alerts"),
                .green)
        }
        guard let alert = announcement.alert else { return line }
        line.append("  #\(alert.alert)", .dim)
        line.append("  " + alert.priority.spoken[language], .of(alert.priority))
        line.append("  \(alert.rule)  \(alert.device)  ")
        line.append(Title(vi: alert.summaryVi, en: alert.summaryEn)[language])
        return line
    }
}
