import ArgumentParser
import Store

/// Where the database is, for commands that read it without the service.
struct DataOptions: ParsableArguments {
    @Option(help: "Where the database is kept.")
    var dataDir = "data"

    func reader(_ language: Language) throws(CommandError) -> StoreReader {
        try .open(dataDir, language)
    }
}

extension StoreReader {
    /// Opens the database of a data directory for reading only, whether or not the service runs.
    /// - Throws: what stands against it, in the operator's language.
    static func open(_ directory: String, _ language: Language) throws(CommandError) -> StoreReader {
        do {
            return try StoreReader(directory: directory)
        } catch let error as StoreError {
            throw CommandError(error.spoken(language))
        } catch {
            throw CommandError(
                language(
                    vi:
                        "\(Store.path(in: directory)): không đọc được (\(error)); kiểm tra quyền, hoặc chỉ thư mục khác bằng --data-dir",
                    en:
                        "\(Store.path(in: directory)): cannot be read (\(error)); check its rights, or name another directory with --data-dir"
                )
            )
        }
    }
}
