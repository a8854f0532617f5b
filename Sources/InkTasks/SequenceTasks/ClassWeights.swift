import Foundation
import InkSupport

/// What the texts of each class count for in the training loss.
public struct ClassWeights: Sendable, Equatable {
    /// One for each class, in the order of the ids.
    public let values: [Float]

    static let option = TaskOption(
        "class-weights", default: "",
        "what each class counts for in training: balanced, or name=weight,name=weight (others 1); the mean loss is weighted "
            + "for one class a text, the yes of a label for several")

    /// Reads the option: `balanced`, or weights by name. Nil where it is not given.
    /// - Parameters:
    ///   - counts: how many training texts have each class.
    ///   - texts: the number of training texts.
    ///   - areIndependent: whether a text has any number of the classes. The balanced weight of a class is then how many
    ///     texts lack it for each that has it, otherwise scikit-learn's: texts / (classes · texts of the class).
    /// - Throws: `InputError` for an unknown class and a weight that cannot be used.
    init?(_ settings: FineTuningSettings, _ classes: LabelSet, counts: [Int], texts: Int, areIndependent: Bool) throws {
        let text = try settings.optionValues()[Self.option.name].trimmed
        guard !text.isEmpty else { return nil }
        if text == "balanced" {
            values = counts.map { count in
                // A class without a text has no share in the loss, or nothing but noes.
                guard count > 0, !areIndependent || count < texts else { return 1 }
                return areIndependent
                    ? Float(texts - count) / Float(count) : Float(Double(texts) / Double(classes.count * count))
            }
            return
        }
        var values = [Float](repeating: 1, count: classes.count)
        var seen: Set<Int> = []
        for part in text.split(separator: ",") {
            func error(_ problem: String, expected: String) -> InputError {
                InputError(
                    .usage, at: "--task-option \(Self.option.name)", problem, expected: expected,
                    found: Excerpt.of(String(part)))
            }
            guard let sign = part.lastIndex(of: "=") else {
                throw error(
                    "is no weight of a class", expected: "balanced, or name=weight,name=weight; no name with a comma")
            }
            guard let id = classes.resolve(String(part[..<sign]).trimmed) else {
                throw error("names no class", expected: "one of: \(classes.summary)")
            }
            guard seen.insert(id).inserted else {
                throw error("gives a class a second weight", expected: "one weight for each class")
            }
            guard let value = Float(String(part[part.index(after: sign)...]).trimmed), (1e-6...1e6).contains(value)
            else {
                throw error("is no weight", expected: "a number from 0.000001 to 1000000")
            }
            values[id] = value
        }
        self.values = values
    }

    /// What a run folder keeps of them: each class with its weight.
    func parameters(_ names: [String]) -> [String: String] {
        [Self.option.name: zip(names, values).map { "\($0)=\($1)" }.joined(separator: ",")]
    }
}
