import Dispatch
import Foundation

/// Work over a range of items, cut into chunks that several threads take in turn.
enum ChunkedWork {
    /// The results of `work` over consecutive chunks of `0..<count`, in order.
    ///
    /// - Parameters:
    ///   - minimumChunk: fewest items worth handing to a thread.
    ///   - threads: nil for all cores.
    /// - Throws: the error of the first chunk, in order, that threw one.
    static func run<Result: Sendable, Failure: Error>(
        count: Int, minimumChunk: Int, threads: Int?, _ work: @Sendable (Range<Int>) throws(Failure) -> Result
    ) throws(Failure) -> [Result] {
        let threads = max(1, threads ?? ProcessInfo.processInfo.activeProcessorCount)
        // A few chunks for each thread even out texts of uneven length.
        let chunks = threads == 1 ? 1 : max(1, min(threads * 4, count / minimumChunk))
        guard chunks > 1 else { return [try work(0..<count)] }
        let slots = Slots<Result, Failure>(count: chunks)
        let (size, rest) = count.quotientAndRemainder(dividingBy: chunks)
        DispatchQueue.concurrentPerform(iterations: threads) { _ in
            while let chunk = slots.next() {
                let start = chunk * size + min(chunk, rest)
                let range = start..<start + size + (chunk < rest ? 1 : 0)
                slots.set(chunk, Swift.Result { () throws(Failure) in try work(range) })
            }
        }
        return try slots.results()
    }

    /// Results filled in by several threads. Every access holds the lock.
    private final class Slots<Result: Sendable, Failure: Error>: @unchecked Sendable {
        private let lock = NSLock()
        private var values: [Swift.Result<Result, Failure>?]
        private var taken = 0

        init(count: Int) { values = Array(repeating: nil, count: count) }

        func next() -> Int? {
            lock.withLock {
                guard taken < values.count else { return nil }
                taken += 1
                return taken - 1
            }
        }

        func set(_ index: Int, _ value: Swift.Result<Result, Failure>) {
            lock.withLock { values[index] = value }
        }

        func results() throws(Failure) -> [Result] {
            let values = lock.withLock { self.values }
            var results: [Result] = []
            results.reserveCapacity(values.count)
            for value in values { if let value { results.append(try value.get()) } }
            return results
        }
    }
}
