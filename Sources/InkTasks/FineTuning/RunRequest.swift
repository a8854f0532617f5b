import Foundation
import InkSupport

/// What a run was asked for, as its folder keeps it: so much that the run can go on without being told again.
public struct RunRequest: Equatable, Sendable {
    /// A file that the run reads.
    public struct File: Codable, Equatable, Sendable {
        /// Its full path.
        public var path: String
        /// SHA-256 of its bytes.
        public var sha256: String
    }

    /// A shape's name, or the full path of a model folder.
    public var model: String
    /// The name of a published data set whose settings are used.
    public var preset: String?
    /// The files by the flag that names them: `train`, `dev`, `test`, `labels`, `vocab`, `dictionary`.
    public var files: [String: File]
    /// What else was chosen.
    public var choices: FineTuningChoices

    /// - Parameter digests: SHA-256 of files that were hashed already, by flag.
    /// - Throws: `InputError` for a file that cannot be read.
    init(_ settings: FineTuningSettings, digests: [String: String]) throws {
        switch settings.model {
        case .shape(let shape): model = shape.rawValue
        case .folder(let folder): model = folder.absoluteURL.path
        }
        preset = settings.preset?.name
        files = [:]
        let named: [(String, URL?)] = [
            ("train", settings.train), ("dev", settings.dev), ("test", settings.test), ("labels", settings.labels),
            ("vocab", settings.vocabulary), ("dictionary", settings.dictionary),
        ]
        for case (let flag, let url?) in named {
            files[flag] = File(
                path: url.absoluteURL.path, sha256: try digests[flag] ?? SHA256.hexDigest(ofFileAt: url))
        }
        choices = settings.choices
    }
}

/// In JSON the choices stand beside the files.
extension RunRequest: Codable {
    private enum CodingKeys: String, CodingKey {
        case model, preset, files
    }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        model = try fields.decode(String.self, forKey: .model)
        preset = try fields.decodeIfPresent(String.self, forKey: .preset)
        files = try fields.decode([String: File].self, forKey: .files)
        choices = try FineTuningChoices(from: decoder)
    }

    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(model, forKey: .model)
        try fields.encodeIfPresent(preset, forKey: .preset)
        try fields.encode(files, forKey: .files)
        try choices.encode(to: encoder)
    }
}

extension RunDescription {
    /// The settings with which the run in a folder goes on.
    /// - Parameters:
    ///   - output: the run folder.
    ///   - given: what the user names anew, by flag: what the run had there is not looked at.
    /// - Returns: nil where the folder does not say what was asked for: a run of an earlier version.
    /// - Throws: `InputError` for a file that is gone, or has changed since the run began.
    public func settings(output: URL, given: Set<String> = []) throws -> FineTuningSettings? {
        guard let request, let train = request.files["train"], let dev = request.files["dev"] else { return nil }
        var choice = ModelChoice.folder(URL(filePath: request.model))
        if !given.contains("model") {
            do {
                choice = try ModelChoice(request.model)
            } catch {
                throw InputError(
                    .usage, at: "--model", "the model folder of the run is not there any more",
                    expected: request.model, remedy: "give its new place with --model")
            }
        }
        var settings = FineTuningSettings(
            model: choice, train: URL(filePath: train.path), dev: URL(filePath: dev.path), output: output)
        for (flag, file) in request.files.sorted(by: { $0.key < $1.key }) where !given.contains(flag) {
            try file.check(flag)
        }
        settings.task = task
        settings.preset = request.preset.flatMap(TaskPreset.named)
        settings.recipe = recipe
        settings.test = request.files["test"].map { URL(filePath: $0.path) }
        settings.labels = request.files["labels"].map { URL(filePath: $0.path) }
        settings.vocabulary = request.files["vocab"].map { URL(filePath: $0.path) }
        settings.dictionary = request.files["dictionary"].map { URL(filePath: $0.path) }
        settings.choices = request.choices
        settings.policy = .resume
        return settings
    }
}

extension RunRequest.File {
    /// Whether the file is as the run knew it.
    fileprivate func check(_ flag: String) throws {
        let url = URL(filePath: path)
        guard url.exists else {
            throw InputError(
                .usage, at: "--\(flag)", "the file of the run is not there any more", expected: path,
                remedy: "give its new place with --\(flag)")
        }
        let found = try SHA256.hexDigest(ofFileAt: url)
        guard found == sha256 else {
            throw InputError(
                .usage, at: "--\(flag) \(path)", "the file has changed since the run began",
                expected: "SHA-256 \(sha256)", found: found,
                remedy: "bring the earlier file back, or start anew with --force")
        }
    }
}
