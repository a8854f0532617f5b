import CInkKernels
import Foundation

/// The results of a `KernelAttentionProblem` in Double, one head of one sequence at a time, gradients by hand.
struct KernelAttentionReference {
    var out, logSumExp, dq, dk, dv, biasGradient: [Double]
    var tableGradients: [[Double]]

    init(_ p: KernelAttentionProblem) {
        out = [Double](repeating: 0, count: p.out.count)
        logSumExp = [Double](repeating: 0, count: p.logSumExp.count)
        dq = p.q.values.map(Double.init)
        (dk, dv) = (p.k.values.map(Double.init), p.v.values.map(Double.init))
        biasGradient = [Double](repeating: 0, count: p.bias.count)
        tableGradients = p.tableGradients.map { [Double](repeating: 0, count: $0.count) }
        for sequence in 0..<p.form.queries.count - 1 {
            for head in 0..<p.heads { add(p, sequence, head) }
        }
    }

    /// One head of the rows of a sequence.
    private static func rows(
        _ x: FloatBuffer, _ stride: Int, _ start: Int, _ count: Int, _ head: Int, _ dim: Int
    ) -> [[Double]] {
        (0..<count).map { row in (0..<dim).map { x[(start + row) * stride + head * dim + $0] } }
    }

    private static func rotated(_ rows: [[Double]], _ p: KernelAttentionProblem, back: Bool) -> [[Double]] {
        rows.enumerated().map { position, row in
            var result = row
            for pair in 0..<row.count / 2 {
                let at = position * (row.count / 2) + pair
                let (cosine, sine) = (p.cosines[at], back ? -p.sines[at] : p.sines[at])
                result[2 * pair] = row[2 * pair] * cosine - row[2 * pair + 1] * sine
                result[2 * pair + 1] = row[2 * pair + 1] * cosine + row[2 * pair] * sine
            }
            return result
        }
    }

    private static func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

    /// x += factor · y
    private static func add(_ y: [Double], _ factor: Double, to x: inout [Double]) {
        for index in x.indices { x[index] += factor * y[index] }
    }

    private mutating func add(_ p: KernelAttentionProblem, _ sequence: Int, _ head: Int) {
        let (dim, form) = (p.form.headDim, p.form)
        let (queryStart, keyStart) = (Int(form.queries[sequence]), Int(form.keys[sequence]))
        let queries = Int(form.queries[sequence + 1]) - queryStart
        let keys = Int(form.keys[sequence + 1]) - keyStart
        var q = Self.rows(p.q, p.queryStride, queryStart, queries, head, dim)
        var k = Self.rows(p.k, p.keyStride, keyStart, keys, head, dim)
        var v = Self.rows(p.v, p.keyStride, keyStart, keys, head, dim)
        let douts = Self.rows(p.dout, p.queryStride, queryStart, queries, head, dim)
        if form.rotary { (q, k) = (Self.rotated(q, p, back: false), Self.rotated(k, p, back: false)) }
        if form.rotary, form.rotatesValues { v = Self.rotated(v, p, back: false) }
        let zero = [Double](repeating: 0, count: dim)
        let width = form.sharedTables ? dim : 2 * dim
        func tableRow(_ number: Int, _ row: Int) -> [Double] {
            guard form.buckets != nil, form.tables[number] else { return zero }
            return (0..<dim).map { p.tables[number][row * width + (form.sharedTables ? 0 : head * dim) + $0] }
        }
        var queryGradients = [[Double]](repeating: zero, count: queries)
        var keyGradients = [[Double]](repeating: zero, count: keys)
        var valueGradients = keyGradients
        for query in 0..<queries {
            let visible = form.causal ? max(0, min(keys, query + keys - queries + 1)) : keys
            guard visible > 0 else { continue }
            let biasRow = (head * 80 + query) * 80
            let bucket = (0..<visible).map { Int(form.buckets?.row(of: $0 - query) ?? 0) }
            let scores = (0..<visible).map { key in
                let terms =
                    Self.dot(q[query], k[key]) + Self.dot(q[query], tableRow(0, bucket[key]))
                    + Self.dot(k[key], tableRow(1, bucket[key]))
                return terms * Double(Float(0.3)) + (form.bias ? p.bias[biasRow + key] : 0)
            }
            let largest = scores.max() ?? 0
            let total = scores.reduce(0) { $0 + exp($1 - largest) }
            logSumExp[(queryStart + query) * p.heads + head] = largest + log(total)
            let probability = scores.map { exp($0 - largest) / total }
            var words = [UInt32](repeating: 0, count: visible)
            ink_philox_row(6, 3, UInt32((queryStart + query) * p.heads + head), Int64(visible), &words)
            let keep = words.map { word in
                Double(word) < Double(form.dropout) * 4_294_967_296 ? 0 : 1 / (1 - Double(form.dropout))
            }
            let dout = douts[query]
            let gradient = (0..<visible).map { key in
                (Self.dot(dout, v[key]) + Self.dot(dout, tableRow(2, bucket[key]))) * keep[key]
            }
            let mean = Self.dot(gradient, probability)
            for key in 0..<visible {
                let change = probability[key] * (gradient[key] - mean), weight = probability[key] * keep[key]
                if form.bias { biasGradient[biasRow + key] += change }
                let (a, b, c) = (tableRow(0, bucket[key]), tableRow(1, bucket[key]), tableRow(2, bucket[key]))
                Self.add(k[key], 0.3 * change, to: &queryGradients[query])
                Self.add(a, 0.3 * change, to: &queryGradients[query])
                Self.add(q[query], 0.3 * change, to: &keyGradients[key])
                Self.add(b, 0.3 * change, to: &keyGradients[key])
                Self.add(dout, weight, to: &valueGradients[key])
                let place = bucket[key] * 2 * dim + head * dim
                let outPlace = (queryStart + query) * p.queryStride + head * dim
                for d in 0..<dim {
                    out[outPlace + d] += weight * (v[key][d] + c[d])
                    tableGradients[0][place + d] += 0.3 * change * q[query][d]
                    tableGradients[1][place + d] += 0.3 * change * k[key][d]
                    tableGradients[2][place + d] += weight * dout[d]
                }
            }
        }
        if form.rotary {
            queryGradients = Self.rotated(queryGradients, p, back: true)
            keyGradients = Self.rotated(keyGradients, p, back: true)
            if form.rotatesValues { valueGradients = Self.rotated(valueGradients, p, back: true) }
        }
        for d in 0..<dim {
            for query in 0..<queries {
                dq[(queryStart + query) * p.queryStride + head * dim + d] = queryGradients[query][d]
            }
            for key in 0..<keys {
                dk[(keyStart + key) * p.keyStride + head * dim + d] = keyGradients[key][d]
                dv[(keyStart + key) * p.keyStride + head * dim + d] = valueGradients[key][d]
            }
        }
    }
}
