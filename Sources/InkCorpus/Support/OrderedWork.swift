import Foundation
import InkSupport

/// Work on a stream of items by several threads, with the results in the order of the items and few items in memory.
enum OrderedWork {
    /// Seconds that a thread has to begin before the caller works alone.
    private static let patience = 0.2

    /// Takes items from `next` and gives results to `consume`, both on the caller's thread; `work` runs on `threads`
    /// others, each with a worker of its own. Where the system refuses all of them it runs on the caller's.
    ///
    /// - Parameters:
    ///   - size: bytes of an item.
    ///   - memory: no further item is taken while those in flight have so many bytes.
    /// - Throws: the first error, in the order of the items; later items are then given up.
    static func run<Item: Sendable, Worker, Result: Sendable>(
        threads: Int, next: () throws -> Item?, size: (Item) -> Int = { _ in 0 }, memory: Int = .max,
        makeWorker: @escaping @Sendable () throws -> Worker,
        work: @escaping @Sendable (Item, inout Worker) throws -> Result, consume: (Result) throws -> Void
    ) throws {
        let exchange = Exchange<Item, Result>()
        @Sendable func serve(_ entry: (Int, Item), _ worker: inout Worker?) {
            exchange.give(
                entry.0,
                Swift.Result {
                    var mine = try worker ?? makeWorker()
                    let result = try work(entry.1, &mine)
                    worker = mine
                    return result
                })
        }
        let helpers = HelperThreads(threads) {
            var worker: Worker?
            while let entry = exchange.take() { serve(entry, &worker) }
        }
        // For the caller's own work, where no thread has begun.
        var own: Worker?
        var isAlone: Bool?
        defer {
            exchange.close()
            helpers.close()
        }
        // Enough in flight that no thread waits for an uneven neighbour.
        let limit = 3 * threads + 1
        var (given, taken) = (0, 0)
        var isAtEnd = false
        // Bytes of the items in flight, by their numbers.
        var sizes: [Int: Int] = [:]
        var inFlight = 0
        while true {
            while !isAtEnd, given - taken < limit, inFlight < memory {
                guard let item = try next() else {
                    isAtEnd = true
                    break
                }
                let bytes = size(item)
                (sizes[given], inFlight) = (bytes, inFlight + bytes)
                exchange.put(given, item)
                given += 1
            }
            if taken == given { return }
            if isAlone != false {
                isAlone = !helpers.waitForBegin(seconds: isAlone == nil ? patience : 0)
                if isAlone == true, let entry = exchange.takeNow() { serve(entry, &own) }
            }
            try consume(exchange.result(taken).get())
            inFlight -= sizes.removeValue(forKey: taken) ?? 0
            taken += 1
        }
    }

    /// Items on their way to the threads and results on their way back. Every access holds the condition's lock.
    private final class Exchange<Item: Sendable, Result: Sendable>: @unchecked Sendable {
        private let condition = NSCondition()
        private var items: [(Int, Item)] = []
        private var results: [Int: Swift.Result<Result, any Error>] = [:]
        private var isClosed = false

        func put(_ number: Int, _ item: Item) {
            condition.withLock {
                items.append((number, item))
                condition.broadcast()
            }
        }

        /// The next item, nil when there will be none.
        func take() -> (Int, Item)? {
            condition.withLock {
                while items.isEmpty, !isClosed { condition.wait() }
                return isClosed ? nil : items.removeFirst()
            }
        }

        /// The next item, nil when there is none now.
        func takeNow() -> (Int, Item)? {
            condition.withLock { items.isEmpty ? nil : items.removeFirst() }
        }

        func give(_ number: Int, _ result: Swift.Result<Result, any Error>) {
            condition.withLock {
                results[number] = result
                condition.broadcast()
            }
        }

        func result(_ number: Int) -> Swift.Result<Result, any Error> {
            condition.withLock {
                while true {
                    if let result = results.removeValue(forKey: number) { return result }
                    condition.wait()
                }
            }
        }

        func close() {
            condition.withLock {
                isClosed = true
                condition.broadcast()
            }
        }
    }
}
