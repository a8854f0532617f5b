import ArgumentParser
import Foundation
import InkCorpus
import InkSupport

/// What the commands of all stages take: documents, where they go, and the stage's own settings as flags.
struct StageArguments: ParsableArguments {
    @Option(
        name: .shortAndLong, help: ArgumentHelp("Where the documents go (default: standard output).", valueName: "file")
    )
    var output: String?

    @Option(name: .long, help: ArgumentHelp("Where the removed documents go, with the reason.", valueName: "file"))
    var rejected: String?

    @Option(
        name: .long,
        help: ArgumentHelp("Form of the input: jsonl, lines, paragraphs (default: by name).", valueName: "form"))
    var format: DocumentFormat?

    @Option(
        name: .long,
        help: ArgumentHelp("Form of the output (default: by name; jsonl on standard output).", valueName: "form"))
    var outputFormat: DocumentFormat?

    @OptionGroup var textField: TextFieldOption

    @Flag(name: .long, help: "Read standard input, write standard output: for pipes and for engines such as Spark.")
    var stdin = false

    @Option(name: .long, parsing: .unconditional, help: ArgumentHelp("Seed of everything random.", valueName: "n"))
    var seed: UInt64 = 1

    @OptionGroup var threads: ThreadOptions

    @Flag(
        name: .long,
        help: "Print the report as JSON: on standard error where documents are written, otherwise on standard output.")
    var json = false

    @Flag(name: .long, help: "Replace the output file.")
    var force = false

    @Argument(
        parsing: .allUnrecognized,
        help: ArgumentHelp("Files and folders, and the stage's settings: --NAME VALUE.", valueName: "path"))
    var rest: [String] = []

    /// Runs a stage of this kind.
    /// - Parameter isReading: whether the stage changes no documents, so that without `--output` they go nowhere.
    func run(_ kind: StageKind, isReading: Bool = false) throws {
        let (input, settings) = try prepare(kind.name)
        let stage = try kind.make(settings)
        if isReading, output == nil, rejected == nil {
            return try report(isResult: true) { try StageRun.run(stage, input, DiscardingSink(), $0) }
        }
        let (target, rejects) = (try outputFile(output), try outputFile(rejected))
        try FilePurpose.requireApart(input, outputs: [target, rejects].compactMap { $0 })
        let sink = try FileSink(
            target, format: outputFormat ?? target.map(DocumentFormat.of) ?? format ?? .jsonl, rejected: rejects)
        try report { try StageRun.run(stage, input, sink, $0) }
    }

    /// Writes the documents' signatures instead of running the stage.
    func writeSignatures() throws {
        var (input, settings) = try prepare("dedup --signatures")
        let signatures = try MinHashSignatures(&settings)
        try settings.finish()
        let target = try outputFile(output)
        try FilePurpose.requireApart(input, outputs: [target].compactMap { $0 })
        let file = try OutputFile(target)
        try report { [try SignatureRun.run(signatures, input, file, $0)] }
    }

    private func prepare(_ name: String) throws -> (DocumentInput, StageSettings) {
        try threads.apply()
        let (paths, settings) = try split(name)
        if stdin, !paths.isEmpty {
            throw InputError(.usage, at: "--stdin", "files are given too", remedy: "give one or the other")
        }
        if paths.isEmpty, !stdin {
            throw InputError(
                .usage, at: "corpus \(name)", "no documents are given", expected: "files, folders or --stdin")
        }
        let files = try InputFiles.find(stdin ? ["-"] : paths, format: format)
        return (DocumentInput(files: files, textField: textField.name), settings)
    }

    /// Runs `work` and shows what it did.
    /// - Parameter isResult: whether that is all there is to show, for standard output.
    private func report(isResult: Bool = false, _ work: (StageContext) throws -> [StageReport]) throws {
        let interrupt = InterruptSignal()
        interrupt.listen()
        let context = StageContext(
            threads: threads.count, seed: seed,
            workFolder: FileManager.default.temporaryDirectory.appending(path: "inkstone-\(UUID().uuidString)"),
            progress: CorpusProgress(sink: stdin ? nil : StandardErrorSink()), isInterrupted: interrupt.question)
        do {
            let reports = try work(context)
            if isResult {
                try StageSummary.write(reports, json: json, to: ResultWriter())
            } else if json {
                Note.write(JSONValue.array(reports.map(\.json)).line)
            } else {
                let report = CorpusReport(name: "corpus", stages: reports)
                if stdin { report.warnings.forEach(Note.write) } else { Note.write(report.text) }
            }
        } catch var error as InputError where error.location.hasPrefix(context.workFolder.path) {
            error.remedy = error.remedy.map { _ in "free some space, or let TMPDIR name a folder on another disk" }
            throw error
        }
    }

    private func outputFile(_ path: String?) throws -> URL? {
        guard let path else { return nil }
        let url = URL(filePath: path)
        let type = try? url.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile
        if url.exists, type != true {
            throw InputError(
                .usage, at: path, "is no regular file", remedy: "leave --output out to write to standard output")
        }
        return try NewFile.at(path, force: force)
    }

    /// Tells files from settings: `--name value` and `--name=value` are settings.
    private func split(_ stage: String) throws -> (paths: [String], settings: StageSettings) {
        var paths: [String] = []
        var object = JSONObject()
        var rest = rest[...]
        while let word = rest.popFirst() {
            guard word.hasPrefix("--"), word.count > 2 else {
                paths.append(word)
                continue
            }
            let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(parts[0])
            guard let value = parts.count == 2 ? String(parts[1]) : rest.popFirst() else {
                throw InputError(.usage, at: word, "the setting has no value", expected: "\(word) VALUE")
            }
            object[name] = try YAMLFile.value(of: value, at: word)
        }
        return (paths, StageSettings(object, location: "corpus \(stage)", seed: seed))
    }
}

extension DocumentFormat: ExpressibleByArgument {}
