import InkTensor

extension Tensor {
    /// Normal values, the same for the same seed.
    public static func random(_ shape: Shape, seed: UInt64, deviation: Float = 1, mean: Float = 0) -> Tensor {
        var random = RandomNumbers(seed: seed, named: "test")
        return Tensor(random.normal(count: shape.count, deviation: deviation).map { $0 + mean }, shape: shape)
    }

    /// Values whose distance from zero is `margin` or more, for functions with a kink at zero.
    public static func random(_ shape: Shape, seed: UInt64, awayFromZero margin: Float) -> Tensor {
        let values = random(shape, seed: seed).values.map { $0 < 0 ? $0 - margin : $0 + margin }
        return Tensor(values, shape: shape)
    }
}
