import InkSupport
import InkTensor

extension Tensor {
    /// The tensor itself, where it is the output of a model that answers and all its values are numbers: the largest of
    /// values that are none would be any class. While a model is trained, the loss tells.
    /// - Throws: `InputError` when a value is NaN or infinite.
    package func checkedNumbers(_ pass: Pass) throws -> Tensor {
        guard !pass.isRecording, !isFinite else { return self }
        throw InputError(
            .run, at: "the model", "computes values that are not numbers",
            remedy: "its weights are too large for single precision: get them again, or train again with a smaller "
                + "learning rate")
    }
}
