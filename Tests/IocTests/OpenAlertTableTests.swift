import Telemetry
import Testing

@testable import ioc

@Suite("Open alerts as a table")
struct OpenAlertTableTests {
    private func lines(_ alert: OpenAlert, _ language: Language) -> [String] {
        let now = CommandsFilledStore.now
        let rendering = Rendering(
            language: language, width: 80, paint: Paint(isOn: false),
            clock: LocalTime(zone: CommandsFilledStore.zone), now: now)
        return OpenAlertTable.table([alert], rendering).lines(width: 80).map(\.text)
    }

    @Test("an alert whose device is silent says for how long nobody has known whether it holds")
    func unverified() {
        let now = CommandsFilledStore.now
        var alert = OpenAlert(
            id: 1, rule: "SpeedLow", device: "jr-001", ward: "phu-hoi", priority: .medium,
            state: .unacknowledged, raised: now - Span.hour, summary: Title(vi: "chậm", en: "slow"))
        #expect(lines(alert, .en)[1].hasSuffix("  jr-001  slow"))
        alert.unverifiedSince = now - 5 * Span.minute
        #expect(lines(alert, .en)[1].hasSuffix("(silent for 5m) slow"))
        #expect(lines(alert, .vi)[1].hasSuffix("(im lặng 5m) chậm"))
    }
}
