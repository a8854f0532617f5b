import Foundation
import InkCheckpoint
import InkSupport
import InkTraining

/// `inkstone.json` of a run folder: what the run was, for people and for `predict`.
public struct RunDescription: Codable, Equatable, Sendable {
    /// The file's name.
    public static let fileName = "inkstone.json"

    /// A data file of the run.
    public struct DataFile: Codable, Equatable, Sendable {
        /// `train`, `dev` or `test`.
        public var role: String
        /// Name of the file.
        public var name: String
        /// Texts in it.
        public var rows: Int
        /// SHA-256 of its bytes.
        public var sha256: String
    }

    /// What the run started from.
    public struct Base: Codable, Equatable, Sendable {
        /// Name of the folder, or of the shape.
        public var name: String
        /// Digests of the weight files by name; empty for random weights.
        public var sha256: [String: String]
    }

    /// Version of Inkstone that ran.
    public var version: String
    /// The kind of task.
    public var task: TaskName
    /// What the task has to know beside the labels.
    public var parameters: [String: String] = [:]
    /// The recipe the options come from.
    public var recipe: Recipe
    /// All training options in force.
    public var options: TrainingOptions
    /// How a text becomes ids.
    public var inputForm: InputForm
    /// Class names in the order of their ids.
    public var labels: [String]
    /// What the run started from.
    public var base: Base
    /// The data files, with digests.
    public var data: [DataFile]
    /// What was loaded, new and ignored.
    public var loadAccount: LoadAccount
    /// Threads used; sums are rounded alike only for the same number.
    public var threads: Int
    /// Kernels used, such as `avx2`.
    public var instructionSet: String
    /// The command that repeats the run.
    public var command: String?
    /// What the run was asked for; nil in folders of earlier versions.
    public var request: RunRequest?
    /// What the run did not do and what is odd about its data, a line each; what an evaluation leaves out is with its
    /// measures. Nil in folders of earlier versions.
    public var notes: [String]?
    /// Measures of the best checkpoint by data role; empty until the run ends.
    public var results: [String: TaskMetrics] = [:]
    /// The step whose weights were kept; nil until an evaluation.
    public var bestStep: Int?
    /// Duration of training, those before a resume included.
    public var seconds: Double?

    /// Reads the description of a run folder; nil when the folder has none.
    /// - Throws: `InputError` when it is damaged.
    public static func read(from folder: URL) throws -> RunDescription? {
        let file = folder.appending(path: fileName)
        guard file.exists else { return nil }
        let bytes = try WholeFile.read(file, limit: WholeFile.settingsLimit)
        do {
            return try RecordCoding.decoder().decode(RunDescription.self, from: Data(bytes))
        } catch {
            throw InputError(
                at: file.path, "is no description of a run", found: "\(error)",
                remedy: "restore the file, or remove it to use the folder as a plain model")
        }
    }

    /// What must be the same when the run goes on, as far as it stands here, by the name that an error would give.
    var fingerprint: [String: String] {
        var fingerprint = [
            "task": task.rawValue, "recipe": recipe.rawValue, "labels": labels.joined(separator: ", "),
            "model": base.name,
        ]
        // Each setting under its own name, so that an error can say which one differs.
        for group in [Mirror(reflecting: options), Mirror(reflecting: inputForm)] {
            for case (let name?, let value) in group.children { fingerprint[name] = "\(value)" }
        }
        for (name, value) in parameters { fingerprint["task option \(name)"] = value }
        for (file, digest) in base.sha256 { fingerprint["weights \(file)"] = digest }
        for file in data where file.role != "test" { fingerprint["\(file.role) data"] = file.sha256 }
        return fingerprint
    }

    func write(to folder: URL) throws {
        let data: Data
        do {
            data = try RecordCoding.encoder(indented: true).encode(self)
        } catch {
            throw InputError(.run, at: Self.fileName, "cannot be written", found: "\(error)")
        }
        try AtomicFile.write(data, to: folder.appending(path: Self.fileName))
    }
}
