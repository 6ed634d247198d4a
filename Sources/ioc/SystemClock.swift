import Dispatch
import Foundation
import Telemetry

/// The clocks of the service; libraries below are handed the time or pace themselves by a monotonic clock.
enum SystemClock {
    /// Milliseconds since 1970, UTC.
    static func now() -> Milliseconds { Milliseconds(Date().timeIntervalSince1970 * 1_000) }

    /// Microseconds of a clock that never goes back.
    static func ticks() -> Int64 { Int64(DispatchTime.now().uptimeNanoseconds / 1_000) }
}
