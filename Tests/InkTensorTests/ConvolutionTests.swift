import InkTensor
import InkTestSupport
import Testing

@Suite struct ConvolutionTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var inputs = 6
        var outputs = 4
        var width = 3
        var groups = 1
        var lengths = [5, 1, 2, 7]
        var testDescription: String { "\(inputs) → \(outputs), width \(width), \(groups) groups, lengths \(lengths)" }
    }

    static let cases = [
        Case(), Case(inputs: 9, outputs: 6, width: 5, groups: 3), Case(width: 1), Case(width: 9, groups: 2),
        Case(inputs: 4, outputs: 4, groups: 4, lengths: [3, 0, 4]), Case(lengths: []),
    ]

    @Test(arguments: cases)
    func sumsOverTheWindowOfEachSequence(example: Case) {
        let (x, layout, weight, bias) = operands(example)
        let result = Pass.inference().convolve(x, layout, weight: weight, bias: bias, groups: example.groups)
        #expect(result.shape == [layout.tokens, example.outputs])
        expectClose(result, reference(example, x, layout, weight, bias), tolerance: 1e-6)
    }

    @Test(arguments: cases.filter { !$0.lengths.isEmpty })
    func gradients(example: Case) {
        let (x, layout, weight, bias) = operands(example)
        GradientCheck().run([x, weight, bias]) { pass, inputs in
            pass.convolve(inputs[0], layout, weight: inputs[1], bias: inputs[2], groups: example.groups)
        }
    }

    private func operands(_ example: Case) -> (Tensor, SequenceLayout, weight: Tensor, bias: Tensor) {
        let layout = SequenceLayout(lengths: example.lengths)
        return (
            .random([layout.tokens, example.inputs], seed: 1), layout,
            .random([example.outputs, example.inputs / example.groups, example.width], seed: 2),
            .random([example.outputs], seed: 3)
        )
    }

    /// The sum as it is defined, in `Double`.
    private func reference(
        _ example: Case, _ x: Tensor, _ layout: SequenceLayout, _ weight: Tensor, _ bias: Tensor
    ) -> [Double] {
        let (x, weight, bias) = (x.values, weight.values, bias.values)
        let (channels, members) = (example.inputs / example.groups, example.outputs / example.groups)
        var result: [Double] = []
        for sequence in 0..<layout.count {
            let rows = layout.rows(of: sequence)
            for row in rows {
                for output in 0..<example.outputs {
                    var sum = Double(bias[output])
                    for place in 0..<example.width {
                        let neighbour = row + place - example.width / 2
                        guard rows.contains(neighbour) else { continue }
                        for channel in 0..<channels {
                            let input = x[neighbour * example.inputs + output / members * channels + channel]
                            let factor = weight[(output * channels + channel) * example.width + place]
                            sum += Double(input) * Double(factor)
                        }
                    }
                    result.append(sum)
                }
            }
        }
        return result
    }
}
