import InkLayers
import InkModels

/// A task that gives each input labels of a list, through the head for whole sequences.
public protocol SequenceTask: TaskKind where Model == SequenceClassifier {
    /// The labels.
    var classes: LabelSet { get }
    /// The inputs of the model, one for each example, in order.
    /// - Throws: `InputError` when the longest length has no room for an example.
    func sequences(_ examples: [Example], _ encoder: InputEncoder) throws -> [TokenSequence]
    /// Ids of the right labels; empty where there is none, or the example is a question.
    func classIDs(of example: Example) -> [Int]
    /// The right answer as the loss takes it.
    func target(of example: Example) -> Target
}

extension SequenceTask {
    public static var head: HeadKind { .sequenceClassification }
    public var labels: [String] { classes.names }

    public func usedLabels(of example: Example) -> [String] { classIDs(of: example).map { labels[$0] } }

    public func gold(of example: Example) -> String {
        classIDs(of: example).map { labels[$0] }.joined(separator: ", ")
    }

    public func model(
        _ config: any EncoderConfig, headDropout: Float?, _ scope: ParameterScope
    ) throws -> SequenceClassifier {
        try SequenceClassifier(config, classCount: classes.count, headDropout: headDropout, scope)
    }

    public func encode(_ examples: [Example], _ encoder: InputEncoder) throws -> [EncodedExample<Target>] {
        let sequences = try sequences(examples, encoder)
        return examples.indices.map {
            EncodedExample(example: $0, sequences: [sequences[$0]], target: target(of: examples[$0]))
        }
    }
}
