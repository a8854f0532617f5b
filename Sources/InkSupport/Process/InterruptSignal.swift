import Foundation
import Synchronization

/// Turns Ctrl-C and SIGTERM into a flag that the training loop reads between steps. A second signal ends the process
/// at once.
public final class InterruptSignal {
    private final class Flag: Sendable {
        let isRaised = Atomic<Bool>(false)
        let isListening = Atomic<Bool>(false)
    }

    /// What the process was told. A handler of signals may touch nothing else; no thread is needed for it.
    private enum Received {
        static let isAny = Atomic<Bool>(false)
    }

    private let flag = Flag()

    public init() {}

    /// Starts to listen to the signals; until then `raise` is the only way.
    public func listen() {
        Received.isAny.store(false, ordering: .relaxed)
        flag.isListening.store(true, ordering: .relaxed)
        // A parent that blocks signals in its threads leaves them blocked here.
        var numbers = sigset_t()
        sigemptyset(&numbers)
        for number in [SIGINT, SIGTERM] {
            sigaddset(&numbers, number)
            signal(number) { number in
                if Received.isAny.exchange(true, ordering: .relaxed) { _exit(128 + number) }
            }
        }
        pthread_sigmask(SIG_UNBLOCK, &numbers, nil)
    }

    public func raise() {
        flag.isRaised.store(true, ordering: .relaxed)
    }

    /// `isRaised` as a question that any thread may ask.
    public var question: @Sendable () -> Bool {
        { [flag] in
            flag.isRaised.load(ordering: .relaxed)
                || flag.isListening.load(ordering: .relaxed) && Received.isAny.load(ordering: .relaxed)
        }
    }

    public var isRaised: Bool { question() }
}
