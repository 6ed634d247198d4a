import Logging

/// The service's log: standard error, one line an event.
enum ServiceLog {
    static func make(label: String, level: Logger.Level = .info) -> Logger {
        var logger = Logger(label: label) { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = level
        return logger
    }
}
