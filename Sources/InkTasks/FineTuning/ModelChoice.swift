import Foundation
import InkModels
import InkSupport

/// What a fine-tuning run starts from.
public enum ModelChoice: Equatable, Sendable {
    /// A published model folder.
    case folder(URL)
    /// A new encoder with random weights.
    case shape(ModelShape)

    /// A shape's name, else a folder.
    public init(_ text: String) throws {
        if let shape = ModelShape(rawValue: text) {
            self = .shape(shape)
            return
        }
        let folder = URL(filePath: text)
        let shapes = "one of the shapes \(ModelShape.allCases.map(\.rawValue).joined(separator: ", "))"
        guard text.isEmpty || folder.exists else { throw MissingModel.error(folder, .usage, or: shapes) }
        guard !text.isEmpty, folder.isFolder else {
            throw InputError(
                .usage, at: "--model \(text)", "neither a folder nor a shape", expected: "a model folder, or \(shapes)")
        }
        self = .folder(folder)
    }
}

/// Encoder shapes that can be started from random weights; those of the released ERNIE 3.0 sizes.
public enum ModelShape: String, CaseIterable, Codable, Sendable {
    case nano, micro, mini, medium, base, xbase

    /// Layers and hidden size.
    public var size: (layers: Int, hidden: Int) {
        switch self {
        case .nano: (4, 312)
        case .micro: (4, 384)
        case .mini: (6, 384)
        case .medium: (6, 768)
        case .base: (12, 768)
        case .xbase: (20, 1024)
        }
    }

    /// Heads of the attention.
    public var heads: Int { self == .xbase ? 16 : 12 }

    public func config(vocabularySize: Int) -> BertConfig {
        BertConfig(vocabularySize: vocabularySize, hiddenSize: size.hidden, layerCount: size.layers, headCount: heads)
    }
}
