import Dispatch
import Foundation
import Synchronization

/// Turns Ctrl-C and SIGTERM into a flag that the training loop reads between steps. A second signal ends the process
/// at once.
public final class InterruptSignal: Sendable {
    private let signal = Atomic<Int32>(0)
    private let sources = Mutex<[any DispatchSourceSignal]>([])

    public init() {}

    /// Starts to listen; until then, and in tests, `raise` is the only way.
    public func listen() {
        let watched = [SIGINT, SIGTERM].map { number in
            Foundation.signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { [self] in
                if isRaised { _exit(128 + number) }
                raise(number)
            }
            source.resume()
            return source
        }
        sources.withLock { $0 += watched }
    }

    public func raise(_ number: Int32 = SIGINT) {
        signal.store(number, ordering: .relaxed)
    }

    public var isRaised: Bool { signal.load(ordering: .relaxed) != 0 }
}
