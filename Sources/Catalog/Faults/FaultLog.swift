/// Collects mistakes while files are read, so that all are shown and not the first.
final class FaultLog {
    private(set) var faults: [LocatedFault] = []

    func add(_ fault: LocatedFault) { faults.append(fault) }

    /// Whether `body` added no mistake.
    func isClean(after body: () -> Void) -> Bool {
        let before = faults.count
        body()
        return faults.count == before
    }
}

/// A file that is read, and where its mistakes go.
struct SourceFile {
    let path: String
    let log: FaultLog

    func fault(line: Int = 1, column: Int = 1, _ message: String) {
        log.add(LocatedFault(file: path, line: line, column: column, message: message))
    }
}
