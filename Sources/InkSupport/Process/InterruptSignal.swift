import Dispatch
import Foundation
import Synchronization

/// Turns Ctrl-C and SIGTERM into a flag that the training loop reads between steps. A second signal ends the process
/// at once.
public final class InterruptSignal {
    private final class Flag: @unchecked Sendable {
        let isRaised = Atomic<Bool>(false)
        /// Written by `listen()`, read by nobody: they live as long as anyone may ask.
        var sources: [any DispatchSourceSignal] = []
    }

    private let flag = Flag()

    public init() {}

    /// Starts to listen to the signals; until then `raise` is the only way.
    public func listen() {
        // A queue of its own: on the shared ones a signal would wait for work that keeps all threads busy.
        let queue = DispatchQueue(label: "interrupt")
        flag.sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler { [weak flag] in
                guard let flag else { return }
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
