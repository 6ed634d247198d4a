import Foundation
import Synchronization

/// Whether somebody asked this process to end (SIGINT, SIGTERM). The second time the system's own way applies.
final class Interrupts: Sendable {
    private let wanted = Flag()
    private let sources: Mutex<[any DispatchSourceSignal]>

    private final class Flag: Sendable {
        let isSet = Atomic<Bool>(false)
    }

    init() {
        let flag = wanted
        let sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                flag.isSet.store(true, ordering: .relaxed)
                signal(number, SIG_DFL)
            }
            source.resume()
            return source
        }
        self.sources = Mutex(sources)
    }

    var isWanted: Bool { wanted.isSet.load(ordering: .relaxed) }
}
