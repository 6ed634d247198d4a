import ArgumentParser
import Foundation

/// A command that cannot be understood, said to the operator who typed it.
enum UsageFault {
    /// In the language of the command line: it may be what cannot be understood.
    static func of(vi: String, en: String) -> ValidationError {
        let language = Language.asked(
            CommandLine.arguments, environment: ProcessInfo.processInfo.environment)
        return ValidationError(language(vi: vi, en: en))
    }

    static func noTime(_ flag: String, _ text: String) -> ValidationError {
        of(
            vi: "\(flag) \(text): không phải một thời điểm; hãy viết như \(TimeArgument.formsInVietnamese)",
            en: "\(flag) \(text): not a time; write it as \(TimeArgument.forms)")
    }
}
