import Glibc
import NIOCore

/// Why the console cannot listen: what, where, and what to do.
package enum ConsoleError: Error, Sendable, Equatable, CustomStringConvertible {
    case inUse(ListenAddress)
    case notAllowed(ListenAddress)
    case noSuchAddress(ListenAddress)
    case cannotListen(ListenAddress, reason: String)

    /// nil if `error` is not about listening.
    init?(_ error: any Error, at address: ListenAddress) {
        switch error {
        case let error as IOError:
            switch error.errnoCode {
            case EADDRINUSE: self = .inUse(address)
            case EACCES, EPERM: self = .notAllowed(address)
            case EADDRNOTAVAIL: self = .noSuchAddress(address)
            default: self = .cannotListen(address, reason: String(cString: strerror(error.errnoCode)))
            }
        case is SocketAddressError, is SocketAddressError.UnknownHost: self = .noSuchAddress(address)
        default: return nil
        }
    }

    package var description: String {
        switch self {
        case .inUse(let address): "\(address) is in use; stop the other program or choose another with --http"
        case .notAllowed(let address):
            "\(address): this user may not listen there; choose a port from 1024 up with --http"
        case .noSuchAddress(let address):
            "\(address): this machine has no such address; choose another with --http"
        case .cannotListen(let address, let reason):
            "\(address): cannot listen (\(reason)); choose another with --http"
        }
    }
}
