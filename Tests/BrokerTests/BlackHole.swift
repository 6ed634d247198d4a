import Foundation
import TestSupport

/// A port that takes connections and never answers; when full, it does not even take them.
final class BlackHole: Sendable {
    let port: UInt16
    private let sockets: [Int32]

    init(isFull: Bool = true) throws {
        let port = try MosquittoServer.freePort()
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        address.sin_port = port.bigEndian
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        var sockets = [listener]
        withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                _ = bind(listener, address, size)
                _ = listen(listener, isFull ? 0 : 16)
                // A backlog of 0 holds one connection; Linux drops the SYN of those after it.
                for _ in 0..<(isFull ? 4 : 0) {
                    let filler = socket(
                        AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
                    _ = connect(filler, address, size)
                    sockets.append(filler)
                }
            }
        }
        self.port = port
        self.sockets = sockets
    }

    deinit { sockets.forEach { close($0) } }
}
