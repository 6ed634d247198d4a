import Dispatch
import Foundation
import Telemetry

/// The only place that reads the clocks.
enum SystemClock {
    /// Milliseconds since 1970, UTC.
    static func now() -> Milliseconds { Milliseconds(Date().timeIntervalSince1970 * 1_000) }

    /// Microseconds of a clock that never goes back.
    static func ticks() -> Int64 { Int64(DispatchTime.now().uptimeNanoseconds / 1_000) }
}
