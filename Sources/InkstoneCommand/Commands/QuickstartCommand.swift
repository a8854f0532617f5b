import ArgumentParser
import Foundation
import InkSupport
import InkTasks
import InkTraining

/// `inkstone quickstart`: a whole run on the titles that ship with the project.
struct QuickstartCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quickstart",
        abstract: "Train a small classifier on sample titles, in about two minutes.",
        discussion: """
            Needs nothing but this program: news titles of ten classes ship with it. Trains an encoder from random \
            weights, shows the table and the confusion matrix, writes a run folder with report.html, and classifies \
            three titles.

            Example:
              inkstone quickstart
              inkstone quickstart --export-titles titles
            """)

    @Option(
        name: [.long, .short],
        help: ArgumentHelp(
            "The run folder to write (default: runs/quickstart, or the next free name).", valueName: "dir"))
    var output: String?

    @Option(
        name: .long,
        help: ArgumentHelp("Only write train.txt, dev.txt, test.txt and class.txt there.", valueName: "dir"))
    var exportTitles: String?

    @Option(name: .long, help: ArgumentHelp("Times over the training titles.", valueName: "n"))
    var epochs: Int?

    @OptionGroup var threads: ThreadOptions

    @Flag(name: .long, help: "Replace an earlier run in the output folder, or the exported files.")
    var force = false

    /// Written for this demonstration; in none of the sets.
    private static let questions = ["国足客场两球完胜对手提前出线", "多家银行下调定期存款利率", "新款折叠屏手机今日开售"]

    func run() throws {
        try threads.apply()
        if let exportTitles {
            try SampleFiles.write(to: URL(filePath: exportTitles, directoryHint: .isDirectory), force: force)
            Note.write("train.txt, dev.txt, test.txt and class.txt are in \(exportTitles)")
            return
        }
        let folder = try outputFolder()
        let titles = FileManager.default.temporaryDirectory.appending(
            path: "inkstone-quickstart-\(ProcessInfo.processInfo.processIdentifier)", directoryHint: .isDirectory)
        defer { try? FileManager.default.removeItem(at: titles) }
        try SampleFiles.write(to: titles)
        var settings = FineTuningSettings(
            model: .shape(.nano), train: titles.appending(path: "train.txt"), dev: titles.appending(path: "dev.txt"),
            output: folder)
        settings.test = titles.appending(path: "test.txt")
        settings.labels = titles.appending(path: "class.txt")
        settings.epochs = epochs ?? 8
        settings.batchSize = 32
        settings.command = "inkstone quickstart"
        settings.policy = force ? .replace : .new
        Note.write("training a small encoder from random weights on \(SampleTitles.rows(.train).count) sample titles")
        guard let result = try FineTuningRun.run(settings, canResume: false) else { throw ExitCode(1) }
        try show(result, folder.relativePath)
    }

    /// The folder asked for, or the first free one of runs/quickstart, runs/quickstart-2 ….
    private func outputFolder() throws -> URL {
        if let output { return URL(filePath: output, directoryHint: .isDirectory) }
        for number in 1...10_000 {
            let url = URL(
                filePath: "runs/quickstart" + (number == 1 ? "" : "-\(number)"), directoryHint: .isDirectory)
            if !FileManager.default.fileExists(atPath: url.path) { return url }
        }
        throw InputError(.usage, at: "runs", "holds too many quickstart runs", remedy: "remove some, or give --output")
    }

    private func show(_ result: FineTuningResult, _ folder: String) throws {
        let results = ResultWriter()
        try results.line(EvaluationText.text(result))
        let classifier = try TextClassifier(contentsOf: result.folder)
        for (text, answer) in zip(Self.questions, try classifier.classify(Self.questions, topK: 3)) {
            let classes = answer.candidates.map { String(format: "%@ %.1f%%", $0.label, 100 * $0.probability) }
            try results.line("\(text)  →  \(classes.joined(separator: ", "))")
        }
        try results.line(
            """

            What next:
              open \(folder)/report.html
              inkstone predict --model \(folder) 你自己的标题
              inkstone quickstart --export-titles titles    # these titles as files, the form of your own data
              inkstone finetune --model DIR --train titles/train.txt --dev titles/dev.txt --test titles/test.txt \\
                --labels titles/class.txt --output runs/mine    # DIR: a BERT or ERNIE folder
            """)
        try results.flush()
    }
}

/// The sample titles as files.
private enum SampleFiles {
    static func write(to folder: URL, force: Bool = false) throws {
        let classes = SampleTitles.labels.map { $0 + "\n" }.joined()
        let texts =
            SampleTitles.Split.allCases.map { ("\($0.rawValue).txt", SampleTitles.tsv($0)) } + [("class.txt", classes)]
        try OutputFolder.check(folder)
        try SystemError.makeFolder(folder)
        // All names are looked at before the first file is written.
        let files = try texts.map { name, text in
            (try NewFile.at(folder.appending(path: name).relativePath, force: force), text)
        }
        for (file, text) in files { try AtomicFile.write(text, to: file) }
    }
}
