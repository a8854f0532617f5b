import Foundation
import InkCheckpoint
import InkSupport
import InkTraining

/// `inkstone.json` of a run folder: what the run was, for people and for `predict`.
public struct RunDescription: Codable, Equatable, Sendable {
    public static let fileName = "inkstone.json"

    /// A data file of the run.
    public struct DataFile: Codable, Equatable, Sendable {
        /// `train`, `dev` or `test`.
        public var role: String
        public var name: String
        public var rows: Int
        public var sha256: String
    }

    /// What the run started from.
    public struct Base: Codable, Equatable, Sendable {
        /// Name of the folder, or of the shape.
        public var name: String
        /// Digests of the weight files by name; empty for random weights.
        public var sha256: [String: String]
    }

    public var version: String
    public var task = "text-classification"
    public var recipe: Recipe
    public var options: TrainingOptions
    public var inputForm: InputForm
    public var labels: [String]
    public var base: Base
    public var data: [DataFile]
    public var loadAccount: LoadAccount
    public var threads: Int
    public var instructionSet: String
    /// The command that repeats the run.
    public var command: String?
    /// Measures of the best checkpoint by data role; empty until the run ends.
    public var results: [String: ClassificationMetrics] = [:]
    public var bestStep: Int?
    public var seconds: Double?

    /// Reads the description of a run folder; nil when the folder has none.
    /// - Throws: `InputError` when it is damaged.
    public static func read(from folder: URL) throws -> RunDescription? {
        let file = folder.appending(path: fileName)
        guard file.exists else { return nil }
        do {
            return try RecordCoding.decoder().decode(RunDescription.self, from: Data(contentsOf: file))
        } catch {
            throw InputError(
                at: file.path, "is no description of a run", found: "\(error)",
                remedy: "restore the file, or remove it to use the folder as a plain model")
        }
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
