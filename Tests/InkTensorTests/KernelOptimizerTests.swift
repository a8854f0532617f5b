import CInkKernels
import Foundation
import Testing

/// Optimizer steps of every instruction set against the formulas in Double, and the thread pool.
@Suite struct KernelOptimizerTests {
    private static let lengths = [0, 1, 13, 33, 20_000]

    private struct Run {
        let start, gradient, first, second: [Float]
        let value, g, m, v: FloatBuffer

        init(_ length: Int, seed: UInt64) {
            var random = KernelRandom(seed)
            (start, gradient, first) = (random.floats(length), random.floats(length), random.floats(length))
            second = random.floats(length).map { abs($0) }
            (value, g, m, v) = (FloatBuffer(start), FloatBuffer(gradient), FloatBuffer(first), FloatBuffer(second))
        }

        func run(decay: Float, withGradient: Bool = true) -> ink_optimizer_run {
            ink_optimizer_run(
                value: value.pointer, gradient: withGradient ? UnsafePointer(g.pointer) : nil, first_moment: m.pointer,
                second_moment: v.pointer, count: Int64(value.count), weight_decay: decay, gradient_scale: 0.5)
        }
    }

    @Test(arguments: KernelSet.supported)
    func adamW(set: KernelSet) {
        let runs = Self.lengths.enumerated().map { Run($1, seed: UInt64($0)) }
        let (lr, beta1, beta2, epsilon, one, two) = (0.01, 0.9, 0.99, 1e-6, 0.7, 0.4)
        let arguments = runs.enumerated().map { $1.run(decay: 0.1, withGradient: $0 != 2) }
        set.use {
            ink_adamw(
                arguments, Int64(arguments.count), Float(lr), Float(beta1), Float(beta2), Float(epsilon), Float(one),
                Float(two))
        }
        for (number, run) in runs.enumerated() {
            for index in run.start.indices {
                let g = number == 2 ? 0 : Double(run.gradient[index]) * 0.5
                let m = beta1 * Double(run.first[index]) + (1 - beta1) * g
                let v = beta2 * Double(run.second[index]) + (1 - beta2) * g * g
                let decayed = Double(run.start[index]) * (1 - lr * 0.1)
                let wanted = decayed - lr / one * m / ((v / two).squareRoot() + epsilon)
                let error = max(abs(run.m[index] - m), abs(run.v[index] - v), abs(run.value[index] - wanted))
                if error > 3e-6 * max(1, abs(wanted)) {
                    Issue.record("run \(number), element \(index): off by \(error)")
                    return
                }
            }
        }
    }

    @Test(arguments: KernelSet.supported, [0, 0.9])
    func sgd(set: KernelSet, momentum: Double) {
        let runs = Self.lengths.enumerated().map { Run($1, seed: UInt64($0 + 9)) }
        let arguments = runs.map { run in
            var argument = run.run(decay: 0.1)
            argument.second_moment = nil
            if momentum == 0 { argument.first_moment = nil }
            return argument
        }
        set.use { ink_sgd(arguments, Int64(arguments.count), 0.01, Float(momentum)) }
        for run in runs {
            for index in run.start.indices {
                let g = Double(run.gradient[index]) * 0.5 + 0.1 * Double(run.start[index])
                let m = momentum * Double(run.first[index]) + g
                let error = max(
                    abs(run.value[index] - (Double(run.start[index]) - 0.01 * m)),
                    abs(run.m[index] - (momentum == 0 ? Double(run.first[index]) : m)))
                if error > 2e-6 {
                    Issue.record("element \(index): off by \(error)")
                    return
                }
            }
        }
    }

    /// Every index runs once, also when tasks start work of their own and several threads call at once.
    @Test func poolRunsEveryIndexOnce() async {
        let counts = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    (0..<50).allSatisfy { round in
                        let hits = FloatBuffer(count: 97 * 3)
                        ink_parallel(
                            97,
                            { context, index in
                                guard let context else { return }
                                ink_parallel(
                                    3, { inner, part in inner?.assumingMemoryBound(to: Float.self)[Int(part)] += 1 },
                                    context + Int(index) * 12)
                            }, hits.pointer)
                        return hits.values == [Float](repeating: 1, count: 97 * 3) && round >= 0
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(counts == [true, true, true, true])
    }

    @Test func namesAndSupport() {
        #expect(ink_isa_supported(INK_ISA_SCALAR))
        #expect(!ink_isa_select_for_thread(ink_isa(rawValue: 9)))
        for set in KernelSet.supported {
            #expect(String(cString: ink_isa_name(set.isa)) == set.rawValue)
            set.use { #expect(ink_isa_current() == set.isa) }
        }
    }
}
