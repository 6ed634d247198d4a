import Crypto
import Foundation
import Telemetry

/// What of which files is stored. A file is known by its bytes and goes on behind its part under whatever name it comes.
struct ReplayedFiles {
    private var parts: [ReplayedPart]
    private var nextID: Int64

    init(_ parts: [ReplayedPart]) {
        self.parts = parts
        nextID = (parts.map(\.id).max() ?? 0) + 1
    }

    /// Begins a file, or goes on behind the longest part of it that is stored.
    /// - Parameter isNew: whether it is taken for a new one whatever is stored.
    /// - Throws: `ServiceFault` if it was replayed before and is not what it was.
    mutating func begin(_ file: ReplayFile, target: String, isNew: Bool) throws -> ReplayTrack {
        let own = isNew ? [] : parts.filter { $0.target == target }
        var track = ReplayTrack(id: nextID, path: file.place, target: target)
        var found: ReplayTrack?
        for part in own.sorted(by: { $0.bytes < $1.bytes }) where part.bytes <= file.bytes.count {
            guard track.part(of: file, through: Int(part.bytes)).hash == part.hash else { continue }
            found = track
            // Under another name it is another file from here on, and the one that it began like may come again.
            if part.path == track.path { found?.id = part.id }
        }
        if let found {
            try found.checkSeam(in: file)
            nextID = max(nextID, found.id + 1)
            return found
        }
        if let changed = own.last(where: { $0.path != nil && $0.path == file.place }) {
            throw ServiceFault(
                """
                \(file.path): the first \(changed.bytes) bytes, which were replayed before, are not what they were; \
                put them back, or give another file another name, or take all of it with --anew
                """)
        }
        nextID += 1
        return ReplayTrack(id: nextID - 1, path: file.place, target: target)
    }

    /// Another of the files of this run may be the same.
    mutating func note(_ part: ReplayedPart) {
        parts.removeAll { $0.id == part.id }
        parts.append(part)
    }
}

/// How far a file has been read, and the hash of all up to there.
struct ReplayTrack {
    fileprivate(set) var id: Int64
    fileprivate let path: String?
    fileprivate let target: String
    /// Bytes read.
    private(set) var reached = 0
    private var hash = SHA256()

    fileprivate init(id: Int64, path: String?, target: String) {
        self.id = id
        self.path = path
        self.target = target
    }

    /// - Parameter end: behind what was read before.
    mutating func part(of file: ReplayFile, through end: Int) -> ReplayedPart {
        file.bytes.withUnsafeBytes { hash.update(bufferPointer: .init(rebasing: $0[reached..<end])) }
        reached = end
        return ReplayedPart(
            id: id, path: path, target: target, bytes: Int64(end), hash: Array(hash.finalize()))
    }

    /// - Throws: `ServiceFault` if the file was read while its last line was not whole.
    fileprivate func checkSeam(in file: ReplayFile) throws {
        guard reached > 0, reached < file.bytes.count, file.bytes[reached - 1] != 0x0A,
            file.bytes[reached] != 0x0A, file.bytes[reached] != 0x0D
        else { return }
        throw ServiceFault(
            """
            \(file.path): the line at byte \(reached) was replayed before it was whole; end it there and say the rest \
            in a line of its own, or replay all into a new --data-dir
            """)
    }
}
