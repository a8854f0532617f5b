import Foundation
import InkSupport

/// The folder of a training run: a Hugging Face model folder at the top (the best checkpoint), and beside it what the
/// run was, how it went and how to go on.
public struct RunFolder: Sendable, Equatable {
    /// The folder.
    public let url: URL

    public init(_ url: URL) {
        self.url = url
    }

    /// What the run was: recipe, options, data and base checkpoint with their hashes, version.
    public var description: URL { url.appending(path: "inkstone.json") }
    /// One JSON object a line: losses, evaluations.
    public var metrics: URL { url.appending(path: "metrics.jsonl") }
    /// The report of the run, for people.
    public var report: URL { url.appending(path: "report.html") }
    /// The model card.
    public var card: URL { url.appending(path: "README.md") }
    /// The state to resume from.
    public var lastState: URL { url.appending(path: "last/state.safetensors") }

    /// Whether an interrupted run lies in the folder.
    public var canResume: Bool { lastState.exists }

    /// Names at the top of the folder that a run writes.
    private static let topFiles: Set<String> = [
        "inkstone.json", "metrics.jsonl", "report.html", "README.md", "config.json", "model.safetensors", "vocab.txt",
        "tokenizer_config.json", "tokenizer.json", "special_tokens_map.json", "added_tokens.json",
    ]

    private var isRunFolder: Bool { description.exists || canResume }

    /// How an existing folder is treated.
    public enum Policy: Sendable {
        /// The folder must be absent or empty.
        case new
        /// Files of an earlier run in it may be replaced.
        case replace
        /// An interrupted run in it goes on.
        case resume
    }

    /// Makes the folder ready for a run.
    /// - Throws: `InputError` when the folder may not be used as asked.
    public func prepare(_ policy: Policy) throws {
        let exists = url.exists
        if exists, !url.isFolder {
            throw InputError(.usage, at: url.path, "is a file, not a folder", remedy: "give another --output")
        }
        let contents = exists ? try listing() : []
        switch policy {
        case .new:
            guard contents.isEmpty else {
                throw InputError(
                    .usage, at: url.path, "the output folder is not empty",
                    remedy: canResume
                        ? "continue the run in it with --resume, replace it with --force, or give another --output"
                        : "replace it with --force, or give another --output")
            }
        case .replace:
            guard isRunFolder || !contents.contains(where: Self.topFiles.contains) else {
                throw InputError(
                    .usage, at: url.path, "holds files that no run of inkstone wrote",
                    expected: "a folder with \(description.lastPathComponent), or one without model files",
                    found: contents.filter(Self.topFiles.contains).sorted().joined(separator: ", "),
                    remedy: "give another --output; --force replaces earlier runs only")
            }
            try removeEarlierRun()
        case .resume:
            guard canResume else {
                throw InputError(
                    .usage, at: url.path, "there is no interrupted run to resume",
                    expected: lastState.lastPathComponent + " in \(lastState.deletingLastPathComponent().path)",
                    remedy: "start the run without --resume")
            }
        }
        try makeFolder(lastState.deletingLastPathComponent())
    }

    private func listing() throws -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: url.path)
        } catch {
            throw InputError(.run, at: url.path, "cannot be read", found: SystemError.reason(error))
        }
    }

    private func makeFolder(_ folder: URL) throws {
        try SystemError.makeFolder(folder)
    }

    /// The files a run writes go; anything else that lies in the folder stays.
    private func removeEarlierRun() throws {
        // The description stays: it marks the folder as a run's, and the new run replaces it at once.
        for file in [metrics, report, card, lastState] {
            guard file.exists else { continue }
            do {
                try FileManager.default.removeItem(at: file)
            } catch {
                throw InputError(.run, at: file.path, "cannot be replaced", found: SystemError.reason(error))
            }
        }
    }
}
