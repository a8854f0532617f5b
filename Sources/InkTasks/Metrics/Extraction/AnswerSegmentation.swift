/// How answers are taken apart for the metric of CMRC 2018: lower case, the script's punctuation removed, each
/// character of U+4E00…U+9FA5 a piece, and what stands between them split as English.
package enum AnswerSegmentation {
    /// The script lists "……" too, which as a pair of characters never equals one.
    private static let punctuation = Set("-:_*^/\\~`+=，。：？！“”；’《》·、「」（）－～『』".unicodeScalars)

    private static let ideographs: ClosedRange<UInt32> = 0x4E00...0x9FA5

    /// The text in lower case without punctuation.
    static func withoutPunctuation(_ text: String) -> [Unicode.Scalar] {
        normalized(text).filter { !punctuation.contains($0) }
    }

    /// The pieces of a text without punctuation.
    package static func pieces(of text: String) -> [[Unicode.Scalar]] {
        var pieces: [[Unicode.Scalar]] = []
        var other: [Unicode.Scalar] = []
        for scalar in withoutPunctuation(text) {
            guard ideographs.contains(scalar.value) else {
                other.append(scalar)
                continue
            }
            pieces += EnglishWords.split(other)
            other.removeAll(keepingCapacity: true)
            pieces.append([scalar])
        }
        return pieces + EnglishWords.split(other)
    }

    private static func normalized(_ text: String) -> [Unicode.Scalar] {
        Array(text.lowercased().trimmed.unicodeScalars)
    }
}
