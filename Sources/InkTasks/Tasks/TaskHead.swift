import InkCheckpoint
import InkModels
import InkSupport

/// The output layer of a head in a checkpoint.
struct TaskHead {
    let kind: HeadKind
    /// Its weight; nil for a task that needs no layer on the encoder.
    let outputKey: String?

    init(_ kind: HeadKind, of config: any EncoderConfig) {
        self.kind = kind
        outputKey = config.outputKey(kind)
    }

    /// What the keys of the head begin with.
    var prefix: String? { outputKey.map { String($0.prefix { $0 != "." }) + "." } }

    func isPresent(in checkpoint: Checkpoint) -> Bool { outputKey.map(checkpoint.contains) ?? true }

    /// - Throws: `InputError` when the folder lacks the head.
    func require(in folder: ModelFolder) throws {
        guard let outputKey, !isPresent(in: folder.checkpoint) else { return }
        throw InputError(
            at: folder.url.path,
            "has no \(kind == .sequenceClassification ? "classification head" : "head for this task")",
            expected: "\(outputKey) among its tensors, as in a folder written by finetune",
            remedy: "fine-tune it first: inkstone finetune --model \(folder.url.path) …")
    }

    /// The class names in id order, from `id2label`, or from `inkstone.json` where `config.json` has none; `LABEL_<id>`
    /// for a folder that names none.
    /// - Throws: `InputError` when `id2label` is not of the form that it has in such files, or the names are not those of
    ///   the classes of the head or of `inkstone.json`.
    func labels(_ folder: ModelFolder) throws -> [String] {
        let count = folder.outputCount(kind)
        let recorded = try RunDescription.read(from: folder.url)?.labels ?? []
        let labels: [String]
        switch folder.configFile.fields["id2label"] {
        case nil, .null: labels = recorded.isEmpty ? (0..<(count ?? 2)).map { "LABEL_\($0)" } : recorded
        case .object(let names):
            labels = try (0..<names.names.count).map { id in
                guard case .string(let name) = names["\(id)"] else {
                    throw folder.configFile.error(
                        "id2label", "does not name the classes 0 to \(names.names.count - 1)",
                        found: "no text for \"\(id)\"", remedy: Self.remedy(recorded))
                }
                return name
            }
        case let other?:
            throw folder.configFile.error(
                "id2label", "has the wrong type", expected: #"an object such as {"0": "name", "1": "name"}"#,
                found: "\(other.kind): " + DisplayWidth.truncate(other.serialized(indented: false), to: 60),
                remedy: Self.remedy(recorded))
        }
        guard recorded.isEmpty || recorded == labels else {
            throw folder.configFile.error(
                "id2label", "contradicts \(RunDescription.fileName)", expected: LabelSet.excerpt(recorded),
                found: LabelSet.excerpt(labels), remedy: Self.remedy(recorded))
        }
        if let count, let outputKey, count != labels.count {
            throw folder.configFile.error(
                "id2label", "contradicts the weights", expected: "\(count) classes, the rows of \(outputKey)",
                found: "\(labels.count)")
        }
        return labels
    }

    private static func remedy(_ recorded: [String]) -> String {
        recorded.isEmpty
            ? "name every class by its id, or remove the field: the classes are then LABEL_0, LABEL_1, …"
            : "write the names that \(RunDescription.fileName) has under labels, or remove the field: they are then taken "
                + "from there"
    }
}
