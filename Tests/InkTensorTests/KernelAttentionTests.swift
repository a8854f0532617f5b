import CInkKernels
import Testing

/// Attention of every instruction set against the textbook formula in Double, with its gradients by hand.
@Suite struct KernelAttentionTests {
    typealias Problem = KernelAttentionProblem

    private static let forms: [Problem.Form] = [
        .init(), .init(causal: true, bias: true), .init(dropout: 0.3, bias: true, headDim: 16),
        .init(causal: true, dropout: 0.2, headDim: 7),
        .init(headDim: 13, queries: [0, 3, 6, 8], keys: [0, 9, 9, 40]),
        .init(causal: true, headDim: 5, queries: [0, 70], keys: [0, 75]),
        .init(rotary: true), .init(causal: true, dropout: 0.2, headDim: 16, rotary: true, rotatesValues: true),
        .init(headDim: 4, queries: [0, 3, 6, 8], keys: [0, 9, 9, 40], rotary: true, rotatesValues: true),
        .init(buckets: .clipped), .init(causal: true, dropout: 0.3, bias: true, headDim: 16, buckets: .slowing),
        .init(headDim: 7, buckets: .jumping), .init(buckets: .clipped, sharedTables: true, tableGradients: false),
        .init(buckets: .slowing, tables: [true, false, false]),
        .init(dropout: 0.1, headDim: 13, buckets: .clipped, tables: [false, true, false]),
        .init(dropout: 0.2, headDim: 5, buckets: .slowing, tables: [false, false, true]),
        .init(buckets: .slowing, tables: [true, true, false], tableGradients: false),
        .init(headDim: 13, queries: [0, 3, 6, 8], keys: [0, 9, 9, 40], buckets: .clipped),
        .init(causal: true, headDim: 5, queries: [0, 70], keys: [0, 75], buckets: .slowing, sharedTables: true),
        .init(headDim: 5, queries: [0, 131, 132], keys: [0, 131, 132], buckets: .slowing),
    ]

    private func expectAsReference(_ problem: Problem, _ set: KernelSet, _ tolerance: Double) {
        set.use { problem.run() }
        let reference = KernelAttentionReference(problem)
        #expect(largestDifference(problem.out.values, reference.out) <= tolerance)
        #expect(largestDifference(problem.logSumExp.values, reference.logSumExp) <= tolerance)
        #expect(largestDifference(problem.dq.values, reference.dq) <= 4 * tolerance)
        #expect(largestDifference(problem.dk.values, reference.dk) <= 4 * tolerance)
        #expect(largestDifference(problem.dv.values, reference.dv) <= 4 * tolerance)
        if problem.form.bias {
            #expect(largestDifference(problem.biasGradient.values, reference.biasGradient) <= 4 * tolerance)
        }
        for number in 0..<3 {
            let wanted =
                problem.form.buckets != nil && problem.form.tableGradients && problem.form.tables[number]
                ? reference.tableGradients[number] : reference.tableGradients[number].map { _ in 0 }
            #expect(
                largestDifference(problem.tableGradients[number].values, wanted) <= 20 * tolerance, "table \(number)")
        }
    }

    @Test(arguments: KernelSet.supported, 0..<forms.count)
    func forwardAndBackward(set: KernelSet, form: Int) {
        expectAsReference(Problem(Self.forms[form]), set, Self.forms[form].rotary ? 2e-5 : 5e-6)
    }

    @Test("Sequences of many blocks", arguments: KernelSet.supported)
    func longSequence(set: KernelSet) {
        let (queries, keys): ([Int32], [Int32]) = ([0, 130, 130, 131], [0, 600, 600, 601])
        let form = Problem.Form(headDim: 2, queries: queries, keys: keys, rotary: true, buckets: .clipped)
        expectAsReference(Problem(form), set, 2e-5)
    }

    @Test(arguments: KernelSet.supported, [2, 10, 12, 16])
    func threadsDoNotChangeResults(set: KernelSet, form: Int) {
        let before = ink_thread_count()
        defer { ink_set_thread_count(before) }
        let results = [1, 2, 3].map { threads in
            ink_set_thread_count(Int32(threads))
            let problem = Problem(Self.forms[form])
            set.use { problem.run() }
            return problem.results
        }
        #expect(results[0] == results[1] && results[1] == results[2])
    }
}
