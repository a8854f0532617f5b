import Dispatch
import Foundation
import Synchronization

/// Turns Ctrl-C and SIGTERM into a flag that the training loop reads between steps. A second signal ends the process
/// at once.
public final class InterruptSignal {
    private final class Flag: Sendable {
        let isRaised = Atomic<Bool>(false)
    }

    private let flag = Flag()
    private var sources: [any DispatchSourceSignal] = []

    public init() {}

    /// Starts to listen to the signals; until then `raise` is the only way.
    public func listen() {
        sources = [SIGINT, SIGTERM].map { [flag] number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                if flag.isRaised.exchange(true, ordering: .relaxed) { _exit(128 + number) }
            }
            source.resume()
            return source
        }
    }

    public func raise() {
        flag.isRaised.store(true, ordering: .relaxed)
    }

    /// `isRaised` as a question that any thread may ask.
    public var question: @Sendable () -> Bool {
        { [flag] in flag.isRaised.load(ordering: .relaxed) }
    }

    public var isRaised: Bool { flag.isRaised.load(ordering: .relaxed) }
}
