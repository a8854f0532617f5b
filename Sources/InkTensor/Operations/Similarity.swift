import CInkKernels

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension Pass {
    /// Each row of `x` [R, H] divided by its Euclidean norm, or by 1e-12 where that is larger. The product of
    /// normalized rows is their cosine.
    public func normalizeRows(_ x: Tensor) -> Tensor {
        let least = 1e-12
        let columns = x.columns
        let result = Tensor(uninitialized: x.shape)
        let norms = (0..<x.rows).map { row in
            ink_squared_norm(x.pointer + row * columns, Int64(columns)).squareRoot()
        }
        for (row, norm) in norms.enumerated() {
            let offset = row * columns
            ink_scale(
                x.pointer + offset, Float(1 / max(norm, least)), result.pointer + offset, Int64(columns))
        }
        return recorder(for: x)?.record(result) { gradient in
            // The part of the gradient along the row does not change it.
            let change = gradient.copy()
            for (row, norm) in norms.enumerated() {
                let offset = row * columns
                if norm > least {
                    let along = dot(gradient.pointer + offset, result.pointer + offset, columns)
                    ink_add_scaled(
                        result.pointer + offset, -Float(along), change.pointer + offset, Int64(columns))
                }
                ink_scale(
                    change.pointer + offset, Float(1 / max(norm, least)), change.pointer + offset, Int64(columns))
            }
            x.slot?.add(change)
        } ?? result
    }

    /// The scalar product of each row of `a` with the same row of `b`, both [R, H]; result [R].
    public func rowDots(_ a: Tensor, _ b: Tensor) -> Tensor {
        precondition(a.shape == b.shape, "rows of \(a.shape) and \(b.shape)")
        let columns = a.columns
        let result = Tensor(
            (0..<a.rows).map { Float(dot(a.pointer + $0 * columns, b.pointer + $0 * columns, columns)) },
            shape: [a.rows])
        return recorder(for: a, b)?.record(result) { gradient in
            func scaled(_ x: Tensor) -> Tensor {
                let change = Tensor(uninitialized: x.shape)
                for row in 0..<x.rows {
                    let offset = row * columns
                    ink_scale(x.pointer + offset, gradient.pointer[row], change.pointer + offset, Int64(columns))
                }
                return change
            }
            a.slot?.add(scaled(b))
            b.slot?.add(scaled(a))
        } ?? result
    }

    /// How badly `similarities` [R] are ordered as `grades`, R numbers, say (CoSENT, Su 2022):
    /// log(1 + Σ exp(scale · (s_i − s_j))) over all i, j with grades_i < grades_j. One value; 0 when all are equal.
    public func orderingLoss(_ similarities: Tensor, grades: [Float], scale: Float = 20) -> Tensor {
        precondition(grades.count == similarities.count, "\(grades.count) grades for \(similarities.shape)")
        let scores = similarities.values.map { Double($0) * Double(scale) }
        let largest = pairs(grades).reduce(0.0) { max($0, scores[$1.lower] - scores[$1.higher]) }
        let sum = pairs(grades).reduce(exp(-largest)) {
            $0 + exp(scores[$1.lower] - scores[$1.higher] - largest)
        }
        let value = Tensor([Float(largest + log(sum))], shape: [])
        return recorder(for: similarities)?.record(value) { gradient in
            var change = [Double](repeating: 0, count: scores.count)
            for (lower, higher) in pairs(grades) {
                let weight = exp(scores[lower] - scores[higher] - largest) / sum
                change[lower] += weight
                change[higher] -= weight
            }
            let factor = Double(gradient.scalar) * Double(scale)
            similarities.slot?.add(Tensor(change.map { Float($0 * factor) }, shape: similarities.shape))
        } ?? value
    }
}

/// All pairs of places of which the first has the lower grade.
private func pairs(_ grades: [Float]) -> some Sequence<(lower: Int, higher: Int)> {
    grades.indices.lazy.flatMap { lower in
        grades.indices.lazy.filter { grades[lower] < grades[$0] }.map { (lower: lower, higher: $0) }
    }
}

private func dot(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ count: Int) -> Double {
    var sum = 0.0
    for index in 0..<count { sum += Double(a[index]) * Double(b[index]) }
    return sum
}
