import InkTraining

/// Everything that `report.html` and the model card say about a run.
public struct RunReportContent: Codable, Equatable, Sendable {
    /// A named value as it is printed.
    public struct Fact: Codable, Equatable, Sendable {
        public var name: String
        public var value: String

        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// A setting that differs between two recipes.
    public struct RecipeDifference: Codable, Equatable, Sendable {
        /// Name of the setting.
        public var setting: String
        /// Its value in the reference recipe.
        public var toumanfen: String
        /// Its value in the default recipe.
        public var standard: String
        /// Why the default differs.
        public var reason: String

        public init(setting: String, toumanfen: String, standard: String, reason: String) {
            self.setting = setting
            self.toumanfen = toumanfen
            self.standard = standard
            self.reason = reason
        }
    }

    /// A file that took part: data or checkpoint.
    public struct File: Codable, Equatable, Sendable {
        /// "train", "dev", "test", "labels", "base checkpoint".
        public var role: String
        /// Name or path as the user gave it.
        public var name: String
        /// Texts in it, for data.
        public var count: Int?
        /// SHA-256 of its bytes.
        public var sha256: String

        public init(role: String, name: String, count: Int? = nil, sha256: String) {
            self.role = role
            self.name = name
            self.count = count
            self.sha256 = sha256
        }
    }

    /// The result on a split.
    public struct Evaluation: Codable, Equatable, Sendable {
        /// "dev" or "test".
        public var split: String
        /// What was measured on it.
        public var metrics: TaskMetrics

        public init(split: String, metrics: TaskMetrics) {
            self.split = split
            self.metrics = metrics
        }
    }

    /// The name of the run or model.
    public var title: String
    /// The architecture in a few words: "BERT, 12 layers, hidden size 768, 102 M parameters".
    public var model: String
    /// What training began from; nil: random weights.
    public var base: File?
    /// What the model does.
    public var task: TaskName
    /// Name of the recipe.
    public var recipe: String
    /// The settings in force.
    public var hyperParameters: [Fact] = []
    /// Where the recipe departs from the other one.
    public var differences: [RecipeDifference] = []
    /// The machine and the program: seed, threads, instruction set, version, date.
    public var environment: [Fact] = []
    /// The data files.
    public var data: [File] = []
    /// Texts that stand in two of them.
    public var leaks: [DataLeak] = []
    /// What the run did not do and what is odd about its data, a line each; the evaluations have notes of their own.
    public var notes: [String] = []
    /// Class names in the order of their ids; empty where the task has none.
    public var labels: [String]
    /// The records of `metrics.jsonl`.
    public var history: [MetricsRecord] = []
    /// The step whose weights were kept.
    public var bestStep: Int?
    /// The measure whose course is drawn beside the loss.
    public var measure = "accuracy"
    /// What decided about the best step: "dev loss, lower is better".
    public var selection: String?
    /// In the order of interest: the last one is the headline.
    public var evaluations: [Evaluation] = []
    /// Most confident first, of the last evaluation.
    public var mistakes: [Mistake] = []
    /// Duration of training.
    public var wallSeconds: Double?
    /// Texts trained on per second.
    public var itemsPerSecond: Double?
    /// Largest memory of the process.
    public var peakBytes: Int?
    /// The longest input in tokens; the rest of a longer text is not seen.
    public var maximumLength: Int?
    /// The command that trains this model again.
    public var command: String
    /// An SPDX name, nil: unknown.
    public var license: String?

    /// Everything that the run did not do, a line each: of the data, and of each evaluation under its name.
    var leftOut: [String] {
        var seen: Set<String> = []
        let all =
            leaks.map(\.sentence) + notes
            + evaluations.flatMap { evaluation in
                evaluation.metrics.notes.map { "\(evaluation.split): \($0)" }
            }
        return all.filter { seen.insert($0).inserted }
    }

    /// The heading over them.
    static let leftOutHeading = "What this run did not do"

    /// Content without measures, which are set as the run yields them.
    public init(
        title: String, model: String, task: TaskName = .classification, recipe: String, labels: [String],
        command: String
    ) {
        self.task = task
        self.title = title
        self.model = model
        self.recipe = recipe
        self.labels = labels
        self.command = command
    }
}
