import ArgumentParser
import Foundation
import InkSupport
import InkTensor
import InkTraining

/// `inkstone doctor`: whether this machine computes right, and with what.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check this machine: instruction sets, threads, memory, kernels.",
        discussion: """
            Every kernel of every instruction set that the processor can run is compared with plain loops in double \
            precision. INKSTONE_ISA=scalar (avx2, avx512, neon) forces a set. The exit code is 1 when a kernel is \
            wrong.

            Example:
              inkstone doctor
            """)

    @Flag(name: .long, help: "One JSON object.")
    var json = false

    @OptionGroup var threads: ThreadOptions

    func run() throws {
        try threads.apply()
        let check = SelfCheck.run()
        let speed = ProductBenchmark.measure(.init(rows: 1024, inner: 768, columns: 3072), seconds: 0.5)
        let results = ResultWriter()
        try results.write(json ? Self.json(check, speed).serialized() + "\n" : Self.text(check, speed))
        try results.flush()
        guard check.passed else {
            throw InputError(
                .run, at: "self-check", "a kernel gives wrong results on this machine",
                found: check.findings.filter { !$0.passed }.map { "\($0.kernel) with \($0.instructionSet)" }
                    .joined(separator: ", "),
                remedy: "force another instruction set with INKSTONE_ISA, and report this output")
        }
    }

    private static func text(_ check: SelfCheck, _ gigaflops: Double) -> String {
        var table = TextTable()
        table.append(["version", InkstoneVersion.current])
        table.append(["instruction set", Parallelism.instructionSet])
        table.append(["supported", Parallelism.supportedInstructionSets.joined(separator: ", ")])
        table.append(["threads", "\(Parallelism.threadCount)"])
        if let memory = SystemMemory.read() {
            table.append([
                "memory", "\(ProcessMemory.text(memory.total)), free \(ProcessMemory.text(memory.available))",
            ])
        }
        if let resident = ProcessMemory.residentBytes() {
            table.append(["this process", ProcessMemory.text(resident)])
        }
        table.append(["matrix product", String(format: "%.0f GFLOP/s", gigaflops)])
        var findings = TextTable(
            header: ["self-check", "kernel", "error", "may be", ""], alignments: [.left, .left, .right, .right])
        for finding in check.findings {
            findings.append([
                finding.instructionSet, finding.kernel, String(format: "%.1e", finding.error),
                String(format: "%.0e", finding.tolerance), finding.passed ? "ok" : "WRONG",
            ])
        }
        return table.text + "\n" + findings.text
    }

    private static func json(_ check: SelfCheck, _ gigaflops: Double) -> JSON {
        let memory = SystemMemory.read()
        return .record([
            "version": .string(InkstoneVersion.current),
            "instructionSet": .string(Parallelism.instructionSet),
            "supported": .strings(Parallelism.supportedInstructionSets),
            "threads": .integer(Parallelism.threadCount),
            "memoryBytes": memory.map { .integer($0.total) },
            "availableBytes": memory.map { .integer($0.available) },
            "residentBytes": ProcessMemory.residentBytes().map { .integer($0) },
            "productGigaflops": .float(gigaflops),
            "passed": .bool(check.passed),
            "findings": .array(
                check.findings.map {
                    .record([
                        "instructionSet": .string($0.instructionSet), "kernel": .string($0.kernel),
                        "error": .float($0.error), "tolerance": .float($0.tolerance), "passed": .bool($0.passed),
                    ])
                }),
        ])
    }
}
