import Glibc
import Telemetry

/// A damaged database moved out of the way, whole, so that the service can begin a new one.
package struct SetAside: Sendable, Equatable {
    /// Its file now, `…/ioc.sqlite.corrupt-20260105T021500Z`; `-wal`, `-shm` and `-journal` lie beside it if it had them.
    package var path: String
    package var reason: String

    /// Files that belong to a database file: with another file of its name they would damage it, or be thrown away.
    static let companions = ["-wal", "-shm", "-journal"]

    /// Databases set aside that still lie in a data directory, oldest first.
    package static func all(in directory: String) -> [String] { all(of: Store.path(in: directory)) }

    /// Moves a database aside under a name that was never used.
    /// - Throws: `StoreError.notWritable`; the next start then goes on where this one failed.
    static func move(_ path: String, at time: Milliseconds, reason: String) throws(StoreError) -> SetAside {
        let target = freeName(path, at: time)
        try carryOut(moves(from: path, to: target))
        return SetAside(path: target, reason: reason)
    }

    /// The file goes first: a log without its file is never taken for a sound database, a file without its log may be.
    static func moves(from path: String, to target: String) -> [(from: String, to: String)] {
        ([""] + companions).filter { exists(path + $0) }.map { (path + $0, target + $0) }
    }

    /// Ends what a start before this one began and did not live to end: the file is away, its companions may not be.
    /// - Returns: nil if there is nothing of the kind.
    static func finish(_ path: String, at time: Milliseconds) throws(StoreError) -> SetAside? {
        guard !exists(path) else { return nil }
        let left = companions.filter { exists(path + $0) }
        var target = all(of: path).last
        if target == nil, !Soundness.hasLog(path) { return nil }
        if target.map({ target in left.contains { exists(target + $0) } }) ?? true {
            target = freeName(path, at: time)
        }
        guard let target else { return nil }
        try carryOut(moves(from: path, to: target))
        return SetAside(
            path: target,
            reason: exists(target)
                ? "a start before this one moved it aside, and ended before it made a new one"
                : "the database file is gone, its write-ahead log is not")
    }

    private static func carryOut(_ moves: [(from: String, to: String)]) throws(StoreError) {
        for move in moves {
            guard rename(move.from, move.to) == 0 else {
                throw .notWritable(move.to, reason: String(cString: strerror(errno)))
            }
            // After each: a power cut must not leave a later one done and an earlier one undone.
            syncDirectory(of: move.to)
        }
    }

    private static func syncDirectory(of path: String) {
        let descriptor = open(directory(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    /// Only the holder of the directory's lock makes such names: what is free now stays free.
    private static func freeName(_ path: String, at time: Milliseconds) -> String {
        let second = time - time.floorDivided(by: Span.second).remainder
        let stamp = path + mark + Civil.iso8601(second).filter { $0 != "-" && $0 != ":" }
        var name = stamp
        var number = 1
        while ([""] + companions).contains(where: { exists(name + $0) }) {
            number += 1
            name = "\(stamp).\(number)"
        }
        return name
    }

    private static let mark = ".corrupt-"

    private static func all(of path: String) -> [String] {
        guard let listing = opendir(directory(of: path)) else { return [] }
        defer { closedir(listing) }
        var found: [(stamp: String, number: Int, path: String)] = []
        while let entry = readdir(listing) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            let whole = directory(of: path) + "/" + name
            guard whole.hasPrefix(path + mark) else { continue }
            let parts = whole.dropFirst((path + mark).count).split(separator: ".")
            guard let stamp = parts.first, stamp.hasSuffix("Z"), parts.count <= 2 else { continue }
            guard let number = parts.count == 2 ? Int(parts[1]) : 1 else { continue }
            found.append((String(stamp), number, whole))
        }
        return found.sorted { ($0.stamp, $0.number) < ($1.stamp, $1.number) }.map(\.path)
    }

    private static func directory(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    }

    private static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }
}
