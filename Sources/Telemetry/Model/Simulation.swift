/// How a measurement is made up by the simulator; see docs/device-profiles.md, "simulate".
package struct Simulation: Sendable, Equatable {
    package var base = 0.0
    package var swing = 0.0
    /// Local minutes of the day at which the value peaks.
    package var peakMinutes: [Int] = []
    package var peakWidthMinutes = 90.0
    /// Local minutes of the day between which the place is open.
    package var openMinutes: Range<Int>?
    package var closedValue = 0.0
    package var days = Days.all
    package var noise = 0.0
    package var wanders = false
    package var surge: Surge?
    package var faultProbability = 0.0
    package var faultValue: Double?
    package var isWhole = false
    package var holds = false

    package init() {}

    package enum Days: String, Sendable, CaseIterable {
        case all
        case mondayToFriday = "mon-fri"
        case mondayToSaturday = "mon-sat"
    }

    /// A wave that comes now and then.
    package struct Surge: Sendable, Equatable {
        package var every: Milliseconds
        package var lasts: Milliseconds
        package var height: Double
        package init(every: Milliseconds, lasts: Milliseconds, height: Double) {
            self.every = every
            self.lasts = lasts
            self.height = height
        }
    }
}
