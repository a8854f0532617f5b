import InkTensor
import Testing

/// Expects two arrays to have the same length and elements that differ by at most `tolerance` where the expected value
/// is at most 1 in size, and by `tolerance` times its size above. NaN is close to nothing.
public func expectClose<Actual: BinaryFloatingPoint, Expected: BinaryFloatingPoint>(
    _ actual: [Actual], _ expected: [Expected], tolerance: Double = 1e-5, _ comment: String = "",
    sourceLocation: SourceLocation = #_sourceLocation
) {
    let prefix = comment.isEmpty ? "" : comment + ": "
    guard actual.count == expected.count else {
        Issue.record(
            "\(prefix)\(actual.count) elements, expected \(expected.count)", sourceLocation: sourceLocation)
        return
    }
    var (misses, worst, worstIndex, largestError) = (0, 0.0, 0, 0.0)
    for (index, (actual, expected)) in zip(actual, expected).enumerated() {
        let (actual, expected) = (Double(actual), Double(expected))
        guard actual != expected else { continue }
        let error = abs(actual - expected)
        let relative = error.isFinite ? error / max(1, abs(expected)) : .infinity
        if !(relative <= tolerance) { misses += 1 }
        if relative > worst { (worst, worstIndex) = (relative, index) }
        largestError = max(largestError, error.isFinite ? error : .infinity)
    }
    if misses > 0 {
        Issue.record(
            """
            \(prefix)\(misses) of \(actual.count) elements off; largest absolute error \(largestError); \
            worst at \(worstIndex): \(actual[worstIndex]), expected \(expected[worstIndex]), tolerance \(tolerance)
            """, sourceLocation: sourceLocation)
    }
}

/// As for arrays; the shapes must be the same too.
public func expectClose(
    _ actual: Tensor, _ expected: Tensor, tolerance: Double = 1e-5, _ comment: String = "",
    sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(actual.shape == expected.shape, "\(comment)", sourceLocation: sourceLocation)
    expectClose(actual.values, expected.values, tolerance: tolerance, comment, sourceLocation: sourceLocation)
}

/// As for arrays.
public func expectClose<Expected: BinaryFloatingPoint>(
    _ actual: Tensor, _ expected: [Expected], tolerance: Double = 1e-5, _ comment: String = "",
    sourceLocation: SourceLocation = #_sourceLocation
) {
    expectClose(actual.values, expected, tolerance: tolerance, comment, sourceLocation: sourceLocation)
}
