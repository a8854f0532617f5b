import ArgumentParser
import Foundation
import InkSupport
import InkTensor

/// `--threads`.
struct ThreadOptions: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("Threads to work with (default: the processors at hand).", valueName: "n"))
    var threads: Int?

    /// What was asked for, or the processors at hand.
    var count: Int { threads ?? ProcessInfo.processInfo.activeProcessorCount }

    /// Sets the engine's number of threads.
    /// - Throws: `InputError` when the number is not possible.
    func apply() throws {
        guard let threads else { return }
        guard (1...1024).contains(threads) else {
            throw InputError(.usage, at: "--threads", "cannot be used", expected: "1 to 1024", found: "\(threads)")
        }
        Parallelism.threadCount = threads
    }
}
