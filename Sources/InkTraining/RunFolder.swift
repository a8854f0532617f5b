import Foundation
import InkSupport
import InkText

/// The folder of a training run: a Hugging Face model folder at the top (the best checkpoint), and beside it what the
/// run was, how it went and how to go on.
///
/// A run that replaces an earlier one keeps its files in a folder inside until its first checkpoint takes the place of
/// the earlier run; see `RunWorkspace`.
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
    public var lastState: URL { url.appending(path: Self.stateName) }
    private static let stateName = "last/state.safetensors"
    private var weights: URL { url.appending(path: "model.safetensors") }

    /// The files of a run that will replace the one at the top.
    var staged: RunFolder { RunFolder(url.appending(path: FolderExchange.stagingName)) }

    /// The run that was begun last: at the top, or not so far yet that it took the place of the one there.
    public var latest: RunFolder { staged.description.exists ? staged : self }

    /// Whether a run with a saved state lies in the folder.
    public var canResume: Bool { latest.lastState.exists }

    /// Names at the top of the folder that a run writes.
    private static let topFiles = Set(
        ["inkstone.json", "metrics.jsonl", "report.html", "README.md", "config.json", "model.safetensors"]
            + Tokenizers.fileNames)

    /// All that a run leaves, and that another run replaces.
    static let replaced = topFiles.union([stateName])

    /// What a run has written when its first state is not saved yet.
    static let firstFiles = ["inkstone.json", "metrics.jsonl"] + FolderExchange.workNames

    private var isRunFolder: Bool { description.exists || canResume }

    /// Whether the run that was begun last has saved nothing yet: after a kill in the first moment, or on a full disk.
    public var isUnstarted: Bool { !canResume && (latest != self || hasOnlyFirstFiles) }

    /// Whether all there is are the first files of a run that saved nothing.
    private var hasOnlyFirstFiles: Bool {
        let own = Set(Self.firstFiles + [FolderLock.fileName, "last"])
        let contents = (try? listing()) ?? []
        return !contents.isEmpty && !lastState.exists
            && contents.allSatisfy { own.contains($0) || $0.hasSuffix(".partial") }
    }

    /// How an existing folder is treated.
    public enum Policy: Sendable {
        /// The folder must be absent or empty, or a run in it must have saved nothing yet.
        case new
        /// Files of an earlier run in it may be replaced.
        case replace
        /// An interrupted run in it goes on.
        case resume
    }

    /// Whether the folder may be used as asked. Changes nothing, so that it can be asked before any work.
    /// - Returns: the process that wrote there and ended without giving the folder back; nil where there is none.
    /// - Throws: `InputError` when the folder may not be used, or cannot be written.
    @discardableResult
    public func check(_ policy: Policy) throws -> FolderLock.Holder? {
        try OutputFolder.check(url)
        let earlier = try FolderLock.requireFree(url)
        try checkContents(policy)
        return earlier
    }

    /// Whether what is in the folder allows what was asked.
    func checkContents(_ policy: Policy) throws {
        let contents = try listing()
        switch policy {
        case .new:
            guard contents.isEmpty || hasOnlyFirstFiles && !canResume else {
                throw InputError(
                    .usage, at: url.path, "the output folder is not empty",
                    remedy: canResume || isUnstarted
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
        case .resume:
            guard canResume || isUnstarted else {
                throw InputError(
                    .usage, at: url.path, "there is no interrupted run to resume",
                    expected: lastState.lastPathComponent + " in \(lastState.deletingLastPathComponent().path)",
                    remedy: contents.isEmpty
                        ? "start the run without --resume"
                        : "replace what is there with --force, or give another --output")
            }
        }
    }

    /// Whether a run of other files is at the top.
    var holdsRun: Bool { isRunFolder || ((try? listing()) ?? []).contains(where: Self.topFiles.contains) }

    private func listing() throws -> [String] {
        guard url.exists else { return [] }
        do {
            return try FileManager.default.contentsOfDirectory(atPath: url.path)
        } catch {
            throw InputError(.run, at: url.path, "cannot be read", found: SystemError.reason(error))
        }
    }
}
