import Store

/// The live stream line by line, for pipes and logs.
struct WatchLines {
    let client: ServiceClient
    let filter: ServiceClient.Parameters
    let isJSON: Bool
    /// Every change, instead of what a console announces.
    let isAll: Bool
    let rendering: Rendering

    /// Goes on until it is stopped.
    /// - Throws: `ServiceFailure` that waiting does not mend.
    func run() async throws {
        let breaks = Breaks()
        let parameters = isAll ? filter : filter + [AlertFollower.view]
        try await AlertFollower(client: client, parameters: parameters).run { news in
            switch news {
            case .open(let isResumed):
                guard breaks.end() else { return }
                Failure.say(
                    isResumed
                        ? rendering.language(
                            vi: "đã kết nối lại, tiếp tục từ chỗ bị cắt",
                            en: "connected again, going on where it was cut")
                        : rendering.language(vi: "đã kết nối", en: "connected"))
            case .lost(let failure, let wait):
                breaks.begin()
                Failure.say("\(failure); \(RetryDelay.sentence(wait, rendering.language))")
            case .event(let event, let json):
                StandardOutput.line(isJSON ? json : EventLine.full(event, rendering).painted(rendering.paint))
            case .announcement(let announcement):
                StandardOutput.line(
                    AnnouncementLine.full(announcement, rendering).painted(rendering.paint))
            case .picture: break
            }
        }
    }
}
