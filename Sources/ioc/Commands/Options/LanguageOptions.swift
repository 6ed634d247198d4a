import ArgumentParser
import Foundation

/// Which language an operator reads.
struct LanguageOptions: ParsableArguments {
    @Option(help: "Language of texts: vi or en. (default: by LC_ALL or LANG)")
    var lang: Language?

    var language: Language { lang ?? .of(environment: ProcessInfo.processInfo.environment) }
}
