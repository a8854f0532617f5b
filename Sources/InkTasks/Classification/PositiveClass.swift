import InkModels
import InkSupport

/// One of two classes that is answered from a probability on other than one half: to find more of it, or to be surer.
public struct PositiveClass: Sendable, Equatable {
    /// Its id, 0 or 1.
    public let id: Int
    /// From this probability on it is answered.
    public let threshold: Float

    static let thresholdOption = TaskOption(
        "threshold", default: "",
        "of two classes: the probability of the positive one from which on it is answered, 0 to 1; by default the more "
            + "probable class is")
    static let positiveOption = TaskOption(
        "positive", default: "", "the class that the threshold is for; by default the second one of the list")

    /// What is chosen for a run; nil where no threshold is.
    /// - Throws: `InputError` when there are more classes than two, and for a name or number that cannot be used.
    init?(_ settings: FineTuningSettings, _ classes: LabelSet) throws {
        let values = try settings.optionValues()
        try self.init(values[Self.thresholdOption.name], positive: values[Self.positiveOption.name], classes) {
            ("--task-option \($0)", .usage)
        }
    }

    /// What a run folder keeps; nil where it keeps no threshold.
    /// - Throws: `InputError` as for a run.
    init?(_ folder: ModelFolder, _ description: RunDescription?, _ classes: LabelSet) throws {
        let parameters = description?.parameters ?? [:]
        let file = folder.url.appending(path: RunDescription.fileName).path
        try self.init(
            parameters[Self.thresholdOption.name] ?? "", positive: parameters[Self.positiveOption.name] ?? "", classes
        ) { ("\(file): parameters.\($0)", .data) }
    }

    private init?(
        _ threshold: String, positive: String, _ classes: LabelSet, place: (String) -> (String, InputError.Kind)
    ) throws {
        func error(_ option: TaskOption, _ problem: String, expected: String, found: String) -> InputError {
            let (location, kind) = place(option.name)
            return InputError(kind, at: location, problem, expected: expected, found: found)
        }
        guard !threshold.isEmpty else {
            if positive.isEmpty { return nil }
            throw error(Self.positiveOption, "has no threshold", expected: "threshold beside it", found: positive)
        }
        guard classes.count == 2 else {
            throw error(
                Self.thresholdOption, "is for two classes", expected: "2 classes",
                found: "\(classes.count): \(classes.summary)")
        }
        guard let value = Float(threshold), (0...1).contains(value) else {
            throw error(Self.thresholdOption, "is no probability", expected: "0 to 1", found: threshold)
        }
        guard let id = positive.isEmpty ? 1 : classes.id(of: positive) else {
            throw error(Self.positiveOption, "is not one of the labels", expected: classes.summary, found: positive)
        }
        self.id = id
        self.threshold = value
    }

    func parameters(_ names: [String]) -> [String: String] {
        [Self.thresholdOption.name: "\(threshold)", Self.positiveOption.name: names[id]]
    }

    /// The class to answer.
    func answer(_ probabilities: [Float]) -> Int { probabilities[id] >= threshold ? id : 1 - id }
}
