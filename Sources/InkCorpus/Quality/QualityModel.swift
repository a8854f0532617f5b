import Foundation
import InkSupport

/// A quality model as it lies on the disk.
public enum QualityModel {
    /// Opens a linear model's file, or the folder of a fine-tuned text classifier.
    /// - Throws: `InputError` when it is missing, damaged or neither.
    public static func open(_ url: URL) throws -> any DocumentScorer {
        if url.isFolder { return try EncoderScorer(contentsOf: url) }
        return try LinearClassifier(contentsOf: url)
    }
}
