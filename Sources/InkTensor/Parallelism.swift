import CInkKernels

/// The instruction set and the threads the engine uses. Both hold for the whole process.
public enum Parallelism {
    public static var threadCount: Int {
        get { Int(ink_thread_count()) }
        set { ink_set_thread_count(Int32(newValue)) }
    }

    /// Name of the instruction set in use: `scalar`, `neon`, `avx2` or `avx512`.
    public static var instructionSet: String { String(cString: ink_isa_name(ink_isa_current())) }

    /// Names of the instruction sets this processor can run, the widest last.
    public static var supportedInstructionSets: [String] {
        [INK_ISA_SCALAR, INK_ISA_NEON, INK_ISA_AVX2, INK_ISA_AVX512]
            .filter { ink_isa_supported($0) }.map { String(cString: ink_isa_name($0)) }
    }

    /// Switches the instruction set for the whole process; false when the processor cannot run it.
    package static func select(_ name: String) -> Bool {
        [INK_ISA_SCALAR, INK_ISA_NEON, INK_ISA_AVX2, INK_ISA_AVX512]
            .first { String(cString: ink_isa_name($0)) == name }.map(ink_isa_select) ?? false
    }
}
