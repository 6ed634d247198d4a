import ArgumentParser
import Store

/// Where the database is, for commands that read it without the service.
struct DataOptions: ParsableArguments {
    @Option(help: "Where the database is kept.")
    var dataDir = "data"

    /// Opens it for reading only, whether or not the service runs.
    /// - Throws: `StoreError` or `CommandError`.
    func reader(_ language: Language) throws -> StoreReader {
        do {
            return try StoreReader(directory: dataDir)
        } catch let error as StoreError {
            throw error
        } catch {
            throw CommandError(
                language(
                    vi:
                        "\(Store.path(in: dataDir)): không đọc được (\(error)); kiểm tra quyền, hoặc chỉ thư mục khác bằng --data-dir",
                    en:
                        "\(Store.path(in: dataDir)): cannot be read (\(error)); check its rights, or name another directory with --data-dir"
                )
            )
        }
    }
}
