import Foundation

/// Threads that help with work that their owner could also do alone.
///
/// The system may refuse a thread (a limit of processes, of memory): then there are fewer of them, or none, and nobody
/// is told. So the owner must never wait for a helper that has not begun; `hasBegun` and `close()` say and decide that.
package final class HelperThreads: @unchecked Sendable {
    // Every access to what changes holds the condition's lock.
    private let condition = NSCondition()
    private var begun = 0
    private var running = 0
    private var isClosed = false

    /// Asks for threads that each run `body` once.
    package init(_ count: Int, _ body: @escaping @Sendable () -> Void) {
        for _ in 0..<count {
            let thread = Thread { [self] in
                guard begin() else { return }
                body()
                end()
            }
            thread.start()
        }
    }

    /// Whether at least one thread has begun.
    package var hasBegun: Bool { condition.withLock { begun > 0 } }

    /// Waits until a thread has begun, or so many seconds have passed.
    /// - Returns: whether one has begun.
    package func waitForBegin(seconds: Double) -> Bool {
        let limit = Date(timeIntervalSinceNow: seconds)
        return condition.withLock {
            while begun == 0 {
                if !condition.wait(until: limit) { break }
            }
            return begun > 0
        }
    }

    /// Threads that have not begun never will; waits for the others to end.
    package func close() {
        condition.withLock {
            isClosed = true
            while running > 0 { condition.wait() }
        }
    }

    private func begin() -> Bool {
        condition.withLock {
            if isClosed { return false }
            begun += 1
            running += 1
            condition.broadcast()
            return true
        }
    }

    private func end() {
        condition.withLock {
            running -= 1
            condition.broadcast()
        }
    }
}
