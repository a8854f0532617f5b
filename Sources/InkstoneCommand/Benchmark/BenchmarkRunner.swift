import InkSupport
import InkTensor
import InkTraining

/// Runs requests and keeps their models and positions in the titles for later ones.
final class BenchmarkRunner {
    /// What a request measured.
    struct Timing: Sendable {
        /// One entry for each step.
        let seconds: [Double]
        let titlesPerStep: Int
        /// Real tokens, on average.
        let tokensPerStep: Double
        /// Bytes, the most this process has ever held.
        let peakBytes: Int?

        var medianSeconds: Double { Stopwatch.median(seconds) }
        var titlesPerSecond: Double { Double(titlesPerStep) / medianSeconds }
    }

    private var steps: [BenchmarkRequest: BenchmarkStep] = [:]

    /// - Throws: `InputError` when a file or a number of the request cannot be used.
    func run(_ request: BenchmarkRequest) throws -> Timing {
        let threads = request.threads ?? 2
        guard (1...1024).contains(threads) else {
            throw InputError(.usage, at: "threads", "cannot be used", expected: "1 to 1024", found: "\(threads)")
        }
        Parallelism.threadCount = threads
        let step: BenchmarkStep
        if let known = steps[request.kind] {
            step = known
        } else {
            step = try BenchmarkStep(request)
            steps[request.kind] = step
            _ = try Self.time(step, count: request.warmup ?? 2)
        }
        return try Self.time(step, count: max(1, request.steps ?? 5))
    }

    private static func time(_ step: BenchmarkStep, count: Int) throws -> Timing {
        var seconds: [Double] = []
        var tokens = 0
        for _ in 0..<max(0, count) {
            let work = try step.prepare()
            let start = Stopwatch.now()
            tokens += try work()
            seconds.append(Stopwatch.now() - start)
        }
        return Timing(
            seconds: seconds, titlesPerStep: step.titles, tokensPerStep: Double(tokens) / Double(max(1, count)),
            peakBytes: ProcessMemory.peakBytes())
    }
}
