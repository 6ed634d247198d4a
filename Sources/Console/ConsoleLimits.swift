/// How much the console takes on, and how patient it is.
package struct ConsoleLimits: Sendable {
    /// A live stream is never silent for longer.
    package var heartbeat: Duration = .seconds(15)
    /// A client that takes not one byte for this long is cut.
    package var stall: Duration = .seconds(30)
    /// A connection without a request is closed.
    package var idle: Duration = .seconds(60)
    /// Answers under way have this long to end when the service stops.
    package var grace: Duration = .milliseconds(1_500)
    /// Live streams at a time.
    package var streams = 64
    /// Connections at a time; further ones wait to be accepted.
    package var connections = 256

    package init() {}

    /// Bytes of a request's body.
    static let body = 16 << 10
    /// Rows of an answer.
    static let rows = 10_000
    /// Windows of an answer: a month of minutes, 44 640, is one. They are read and sent a piece at a time, so they cost no memory.
    static let windows = 50_000
    /// Series in one request, by their names: as many as fit in its first line.
    static let series = 20
    /// Events that a live stream reads at once: all it ever holds in memory.
    static let events = 100
}
