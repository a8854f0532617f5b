import ArgumentParser
import Foundation
import InkCheckpoint
import InkModels
import InkSupport
import InkTasks
import InkTensor
import InkTraining

/// `inkstone bench`: how fast this machine is.
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measure matrix products, training, prediction and the tokenizer on this machine.",
        discussion: """
            Figures are medians over steps. Without files the sample titles are used, with a vocabulary of the usual \
            21,128 entries. --serve answers JSON requests on standard input, for comparisons with other programs; see \
            Benchmarks/README.md.

            Example:
              inkstone bench
              inkstone bench --shape base --measure finetune,latency --titles train.txt --vocab vocab.txt
            """)

    enum Measure: String, CaseIterable {
        case product, finetune, latency, throughput, tokenizer, memory, architectures
    }

    @Option(name: .long, help: ArgumentHelp("Shapes, separated by commas.", valueName: "list"))
    var shape = "nano,base"

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Of product, finetune, latency, throughput, tokenizer, memory, architectures (default: all but the last).",
            valueName: "list"))
    var measure = Measure.allCases.filter { $0 != .architectures }.map(\.rawValue).joined(separator: ",")

    @Option(name: .long, help: ArgumentHelp("Titles, one a line, with or without a label.", valueName: "file"))
    var titles: String?

    @Option(name: .long, help: ArgumentHelp("A vocabulary, vocab.txt.", valueName: "file"))
    var vocab: String?

    @OptionGroup var threads: ThreadOptions

    @Flag(name: .long, help: "One JSON object.")
    var json = false

    @Flag(name: .long, help: "Answer JSON requests on standard input, one a line.")
    var serve = false

    /// A line of the table.
    private struct Row {
        let measure: String
        let subject: String
        let value: Double
        let unit: String
    }

    func run() throws {
        try threads.apply()
        if serve { return try BenchmarkServer().run() }
        let shapes = try Self.list(shape, "--shape", ModelShape.allCases)
        let measures = try Self.list(measure, "--measure", Measure.allCases)
        let data = try BenchmarkData(titles: titles, vocabulary: vocab)
        var rows: [Row] = []
        for measure in measures {
            Note.write("measuring \(measure.rawValue) …")
            rows += try self.rows(measure, shapes, data)
        }
        let results = ResultWriter()
        try results.write(json ? Self.json(rows).serialized() + "\n" : Self.text(rows))
        try results.flush()
    }

    private static func list<Value: RawRepresentable<String>>(
        _ text: String, _ flag: String, _ all: [Value]
    ) throws -> [Value] {
        try text.split(separator: ",").map { name in
            let name = name.trimmingCharacters(in: .whitespaces)
            guard let value = Value(rawValue: name) else {
                throw InputError(
                    .usage, at: flag, "unknown name",
                    expected: all.map(\.rawValue).joined(separator: ", "), found: name)
            }
            return value
        }
    }

    private func rows(_ measure: Measure, _ shapes: [ModelShape], _ data: BenchmarkData) throws -> [Row] {
        // One model at a time: what the last one held would slow the next.
        func timing(_ measure: BenchmarkRequest.Measure, _ shape: ModelShape?, steps: Int) throws
            -> BenchmarkRunner.Timing
        {
            try BenchmarkRunner().run(request(measure, shape, data, steps: steps))
        }
        switch measure {
        case .product:
            return ProductBenchmark.sizes.map {
                Row(
                    measure: "product", subject: $0.description, value: ProductBenchmark.measure($0, seconds: 0.3),
                    unit: "GFLOP/s")
            }
        case .finetune:
            return try shapes.map {
                Row(
                    measure: "fine-tuning", subject: $0.rawValue,
                    value: try timing(.finetune, $0, steps: 7).titlesPerSecond, unit: "titles/s")
            }
        case .latency:
            return try shapes.map {
                Row(
                    measure: "one title", subject: $0.rawValue,
                    value: 1000 * (try timing(.latency, $0, steps: 50).medianSeconds), unit: "ms")
            }
        case .throughput:
            return try shapes.map {
                Row(
                    measure: "64 titles at once", subject: $0.rawValue,
                    value: try timing(.throughput, $0, steps: 7).titlesPerSecond, unit: "titles/s")
            }
        case .tokenizer:
            return try [("ids", BenchmarkRequest.Measure.tokenize), ("ids, offsets", .tokenizeOffsets)].map {
                Row(
                    measure: "tokenizer", subject: $0, value: try timing($1, nil, steps: 30).titlesPerSecond,
                    unit: "titles/s")
            }
        case .memory:
            return try shapes.map {
                let bytes = try SelfProcess.peakBytes(of: request(.finetune, $0, data, steps: 3))
                return Row(
                    measure: "memory of fine-tuning", subject: $0.rawValue, value: Double(bytes) / 1e6, unit: "MB")
            }
        case .architectures:
            return try shapes.flatMap(architectures)
        }
    }

    /// Each architecture's time through BERT's.
    private func architectures(_ shape: ModelShape) throws -> [Row] {
        let benchmark = ArchitectureBenchmark(shape: shape)
        return try ModelFamily.all.filter { $0.modelType != "bert" }.flatMap { family in
            try ArchitectureBenchmark.Length.allCases.flatMap { length in
                let result = try benchmark.measure(family, length)
                let subject = "\(family.name), \(shape.rawValue), \(length.rawValue) tokens"
                return [("fine-tuning", result.training), ("prediction", result.inference)].map {
                    Row(measure: "time of \($0)", subject: subject, value: $1, unit: "of BERT's")
                }
            }
        }
    }

    private func request(
        _ measure: BenchmarkRequest.Measure, _ shape: ModelShape?, _ data: BenchmarkData, steps: Int
    ) -> BenchmarkRequest {
        BenchmarkRequest(
            measure: measure, shape: shape, titles: data.titles, vocab: data.vocabulary, steps: steps,
            threads: Parallelism.threadCount)
    }

    private static func text(_ rows: [Row]) -> String {
        var table = TextTable(
            header: ["measure", "of", "value", ""], alignments: [.left, .left, .right, .left])
        for row in rows {
            let value = String(format: row.value < 10 ? "%.2f" : row.value < 100 ? "%.1f" : "%.0f", row.value)
            table.append([row.measure, row.subject, value, row.unit])
        }
        return "\(Parallelism.instructionSet), \(Parallelism.threadCount) threads\n\n" + table.text
    }

    private static func json(_ rows: [Row]) -> JSON {
        .record([
            "version": .string(InkstoneVersion.current), "instructionSet": .string(Parallelism.instructionSet),
            "threads": .integer(Parallelism.threadCount),
            "results": .array(
                rows.map {
                    .record([
                        "measure": .string($0.measure), "of": .string($0.subject), "value": .float($0.value),
                        "unit": .string($0.unit),
                    ])
                }),
        ])
    }
}
