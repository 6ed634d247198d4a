import Logging

/// The service's log: standard error, one line an event, level by `IOC_LOG_LEVEL`.
enum ServiceLog {
    static func make(label: String, level: Logger.Level = .info) -> Logger {
        var logger = Logger(label: label) { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = level
        return logger
    }
}
