/// Removal of whole sentences.
enum SentenceRemoval {
    /// Takes the sentences away that `isRemoved` names, and the line end of a line of which nothing stays.
    /// - Parameter sentences: as `SentenceSplitter` gives them.
    static func apply(
        _ sentences: [Range<Int>], of text: [UInt8], _ edits: inout TextEdits, isRemoved: (Int) -> Bool
    ) {
        var hasKept = false
        for (index, sentence) in sentences.enumerated() {
            if sentence.lowerBound == 0 || text[sentence.lowerBound - 1] == UInt8(ascii: "\n") { hasKept = false }
            guard isRemoved(index) else {
                hasKept = true
                continue
            }
            let isLineEnd = sentence.upperBound < text.count && text[sentence.upperBound] == UInt8(ascii: "\n")
            edits.remove(sentence.lowerBound..<sentence.upperBound + (isLineEnd && !hasKept ? 1 : 0), of: text)
        }
    }
}
