import InkTensor
import InkTraining

/// Runs a task's model over many encoded examples in packed batches.
struct ModelRunner<Kind: TaskKind> {
    let kind: Kind
    let model: Kind.Model
    /// Tokens of one batch: enough to keep the product busy, few enough to stay in the cache.
    var tokensPerPass = 2048

    /// Outputs in the order of the examples. `progress` is told the share done.
    /// - Throws: `InputError` when an example does not fit the model.
    func outputs(
        _ encoded: [EncodedExample<Kind.Target>], progress: (Double) -> Void = { _ in }
    ) throws -> [Kind.Output] {
        var outputs: [Kind.Output] = []
        outputs.reserveCapacity(encoded.count)
        let parts = BatchPlan.parts(of: Array(encoded.indices), limit: tokensPerPass) { encoded[$0].tokenCount }
        for part in parts {
            outputs += try kind.outputs(model, part.map { encoded[$0] }, .inference())
            progress(Double(outputs.count) / Double(encoded.count))
        }
        return outputs
    }

    /// The answers to examples whose inputs are `encoded`, those of one example side by side.
    func answers(
        _ examples: [Kind.Example], _ encoded: [EncodedExample<Kind.Target>], _ outputs: [Kind.Output]
    ) -> [Kind.Answer] {
        var next = 0
        return examples.indices.map { index in
            let start = next
            while next < encoded.count, encoded[next].example == index { next += 1 }
            return kind.answer(examples[index], encoded[start..<next], outputs[start..<next])
        }
    }
}
