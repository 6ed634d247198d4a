import Console
import Store
import Telemetry

/// The service in two lines: what is wrong with it, rates and what is safe; then what became of messages.
enum StatusLines {
    static func lines(_ status: StatusAnswer?, _ rendering: Rendering) -> [StyledLine] {
        let language = rendering.language
        guard let status else {
            return [
                StyledLine(language(vi: " chưa biết tình trạng dịch vụ", en: " status not known"), .dim),
                StyledLine(),
            ]
        }
        var line = StyledLine(" ")
        if let fault = status.storageFault {
            line.append(language(vi: "KHÔNG GHI ĐƯỢC: ", en: "CANNOT STORE: ") + fault + "  ", .alarm)
        }
        if !status.broker.isConnected {
            let why = status.broker.fault.map { ": " + $0 } ?? ""
            line.append(language(vi: "mất kết nối broker", en: "no broker") + why + "  ", .red)
        }
        line.append(rates(status, rendering))
        let losses = LossCounters(status.losses)
        return [line, StyledLine(" " + losses.sentence(language), losses.unaccounted == 0 ? .plain : .red)]
    }

    private static func rates(_ status: StatusAnswer, _ rendering: Rendering) -> String {
        let messages = Int(status.messagesPerSecond.rounded())
        let readings = Int(status.readingsPerSecond.rounded())
        let safe = status.safeUpToMs > 0 ? rendering.clock.clock(status.safeUpToMs) : "–"
        let lag = LocalTime.age(status.nowMs - status.safeUpToMs)
        return rendering.language(
            vi:
                "\(messages) tin/s · \(readings) giá trị/s · an toàn đến \(safe)\(status.safeUpToMs > 0 ? " (\(lag))" : "")",
            en:
                "\(messages) messages/s · \(readings) readings/s · safe up to \(safe)\(status.safeUpToMs > 0 ? " (\(lag))" : "")"
        )
    }
}

extension LossCounters {
    /// What became of messages, in one line that adds up or says that it does not.
    func sentence(_ language: Language) -> String {
        let sentence = language(
            vi: "nhận \(received) = lưu \(stored) + từ chối \(rejected) + trùng \(duplicate) + bỏ \(dropped)",
            en:
                "received \(received) = stored \(stored) + rejected \(rejected) + duplicate \(duplicate) + dropped \(dropped)"
        )
        return unaccounted == 0
            ? sentence : sentence + language(vi: " + KHÔNG RÕ ", en: " + UNACCOUNTED ") + "\(unaccounted)"
    }
}
