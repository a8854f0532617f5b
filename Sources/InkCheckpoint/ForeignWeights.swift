import Foundation

/// Weights of other programs, which have to be converted first.
enum ForeignWeights {
    private static let convertWithTransformers = "`from_pretrained(…, %@=True)` and `save_pretrained` of transformers"

    /// What to do with a folder of these files; nil where none is known.
    static func remedy(for names: [String]) -> String? {
        func has(_ endings: String...) -> String? {
            names.first { name in endings.contains { name.lowercased().hasSuffix($0) } }
        }
        func convert(_ name: String, of maker: String, with tool: String) -> String {
            "\(name) is of \(maker): take the PyTorch or safetensors weights of the model, or convert it with \(tool)"
        }
        if let name = has(".ckpt.index", ".ckpt.meta", ".ckpt.data-00000-of-00001", ".ckpt") {
            return convert(
                name, of: "TensorFlow 1", with: "`transformers-cli convert --model_type bert` of transformers 4")
        }
        if let name = has(".h5") {
            return convert(
                name, of: "TensorFlow 2", with: String(format: convertWithTransformers, "from_tf"))
        }
        if let name = has(".msgpack") {
            return convert(name, of: "Flax", with: String(format: convertWithTransformers, "from_flax"))
        }
        if let name = has(".pdparams") {
            return convert(
                name, of: "PaddlePaddle", with: "a script that writes its arrays under the names of transformers")
        }
        if let name = has(".gguf", ".ggml") {
            return "\(name) is for llama.cpp: take the weights that it was made from, in PyTorch or safetensors form"
        }
        if let name = has(".onnx") {
            return "\(name) is a graph of ONNX: take the weights it was made from, in PyTorch or safetensors form"
        }
        return nil
    }
}
