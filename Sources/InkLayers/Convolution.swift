import InkTensor

/// A one-dimensional convolution along each sequence of a packed batch. Keys: `<name>.weight` [out, in / groups, width],
/// `<name>.bias`.
public struct Convolution: Sendable {
    let weight: Parameter
    let bias: Parameter
    /// Channels see those of their own group only.
    public let groups: Int

    /// x: [T, in] → [T, out]; rows beyond the ends of a sequence count as zero.
    public func callAsFunction(_ x: Tensor, _ layout: SequenceLayout, _ pass: Pass) -> Tensor {
        pass.convolve(x, layout, weight: weight.tensor, bias: bias.tensor, groups: groups)
    }
}
