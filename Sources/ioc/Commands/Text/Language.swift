import ArgumentParser
import Telemetry

/// A language of the operators.
enum Language: String, CaseIterable, ExpressibleByArgument, Sendable {
    case vi, en

    /// As POSIX looks it up: LC_ALL before LANG. Vietnamese unless English is asked for.
    static func of(environment: [String: String]) -> Language {
        let locale = [environment["LC_ALL"], environment["LANG"]].compactMap(\.self).first { !$0.isEmpty }
        return locale?.hasPrefix("en") == true ? .en : .vi
    }

    /// What `--lang` on a command line asks for, whether or not the rest of it can be understood; else by the environment.
    static func asked(_ arguments: [String], environment: [String: String]) -> Language {
        let words = arguments.enumerated().compactMap { index, word -> String? in
            if word == "--lang", index + 1 < arguments.count { return arguments[index + 1] }
            return word.hasPrefix("--lang=") ? String(word.dropFirst(7)) : nil
        }
        return words.last.flatMap(Language.init) ?? of(environment: environment)
    }

    var other: Language { self == .vi ? .en : .vi }

    /// The one of two texts that is in this language.
    func callAsFunction(vi: String, en: String) -> String { self == .vi ? vi : en }
}

extension Title {
    subscript(language: Language) -> String { language(vi: vi, en: en) }
}
