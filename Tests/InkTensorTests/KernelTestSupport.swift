import CInkKernels
import Testing

/// An instruction set the kernels are written for; tests run once for each that this machine has.
enum KernelSet: String, CaseIterable, Sendable {
    case scalar, neon, avx2, avx512

    var isa: ink_isa {
        switch self {
        case .scalar: INK_ISA_SCALAR
        case .neon: INK_ISA_NEON
        case .avx2: INK_ISA_AVX2
        case .avx512: INK_ISA_AVX512
        }
    }

    static var supported: [KernelSet] { allCases.filter { ink_isa_supported($0.isa) } }

    /// Runs `body` with this set on this thread only, so that tests that run meanwhile notice nothing.
    func use<Result>(_ body: () throws -> Result) rethrows -> Result {
        #expect(ink_isa_select_for_thread(isa))
        defer { ink_isa_reset_for_thread() }
        return try body()
    }
}

/// 64-byte aligned floats whose address is stable, for argument structures.
final class FloatBuffer {
    let pointer: UnsafeMutablePointer<Float>
    let count: Int

    init(_ values: [Float]) {
        count = values.count
        let raw = UnsafeMutableRawPointer.allocate(byteCount: max(1, count) * 4, alignment: 64)
        pointer = raw.bindMemory(to: Float.self, capacity: max(1, count))
        pointer.initialize(repeating: 0, count: max(1, count))
        for (index, value) in values.enumerated() { pointer[index] = value }
    }

    convenience init(count: Int) { self.init([Float](repeating: 0, count: count)) }

    deinit { pointer.deallocate() }

    var values: [Float] { (0..<count).map { pointer[$0] } }

    subscript(_ index: Int) -> Double { Double(pointer[index]) }
}

/// Reproducible values in about -2...2 (a linear congruential generator).
struct KernelRandom {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func next() -> Float {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Float(Int32(truncatingIfNeeded: state >> 32)) / 1_073_741_824
    }

    mutating func floats(_ count: Int) -> [Float] { (0..<count).map { _ in next() } }

    mutating func ids(_ count: Int, below bound: Int32) -> [Int32] {
        (0..<count).map { _ in Int32((abs(next()) / 2.001) * Float(bound)) }
    }
}

/// The largest difference, infinite when the sizes differ or a value is not finite.
func largestDifference(_ found: [Float], _ expected: [Double]) -> Double {
    guard found.count == expected.count else { return .infinity }
    var largest = 0.0
    for (value, wanted) in zip(found, expected) {
        let difference = abs(Double(value) - wanted)
        largest = difference.isFinite ? max(largest, difference) : .infinity
    }
    return largest
}
