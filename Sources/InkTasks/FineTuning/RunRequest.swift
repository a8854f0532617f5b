import Foundation
import InkSupport
import InkText
import InkTraining

/// What a run was asked for, as its folder keeps it: so much that the run can go on without being told again.
public struct RunRequest: Codable, Equatable, Sendable {
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
    public var taskOptions: [String: String]
    public var epochs: Int?
    public var batchSize: Int?
    public var learningRate: Float?
    public var maxLength: Int?
    public var specialTokensInText: SpecialTokensInText?
    public var evaluateEvery: Int?
    public var patience: Int?
    public var warmup: Double?
    public var weightDecay: Float?
    public var seed: UInt64?
    public var saveInterval: Double

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
        taskOptions = settings.taskOptions
        epochs = settings.epochs
        batchSize = settings.batchSize
        learningRate = settings.learningRate
        maxLength = settings.maxLength
        specialTokensInText = settings.specialTokensInText
        evaluateEvery = settings.evaluateEvery
        patience = settings.patience
        warmup = settings.warmup
        weightDecay = settings.weightDecay
        seed = settings.seed
        saveInterval = settings.saveInterval
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
        settings.taskOptions = request.taskOptions
        settings.epochs = request.epochs
        settings.batchSize = request.batchSize
        settings.learningRate = request.learningRate
        settings.maxLength = request.maxLength
        settings.specialTokensInText = request.specialTokensInText
        settings.evaluateEvery = request.evaluateEvery
        settings.patience = request.patience
        settings.warmup = request.warmup
        settings.weightDecay = request.weightDecay
        settings.seed = request.seed
        settings.saveInterval = request.saveInterval
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
