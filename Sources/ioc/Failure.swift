import ArgumentParser
import Catalog
import Foundation

/// Exit codes every command keeps to.
enum ExitStatus {
    static let runtime = ExitCode(1)
    /// EX_CONFIG of sysexits.h.
    static let configuration = ExitCode(78)
}

/// Says what went wrong on standard error and ends with the right exit code.
enum Failure {
    static func exit(_ error: any Error) -> any Error {
        switch error {
        case is ExitCode, is CleanExit: return error
        case let fault as ValidationError:
            // The library would show the usage of `ioc` instead of the command's.
            say(fault.message)
            return ExitCode.validationFailure
        case let faults as CatalogFaults:
            for fault in faults.faults { say(fault.description) }
            say("\(faults.faults.count) mistake\(faults.faults.count == 1 ? "" : "s"); nothing was started")
            return ExitStatus.configuration
        default:
            say("\(error)")
            return ExitStatus.runtime
        }
    }

    static func say(_ sentence: String) {
        FileHandle.standardError.write(Data("ioc: \(sentence)\n".utf8))
    }
}
