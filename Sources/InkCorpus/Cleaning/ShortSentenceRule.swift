/// Drops sentences of fewer than so many words (ERNIE 3.0: under 10).
///
/// ERNIE 3.0 counts the words of a segmenter. Here every Chinese, Japanese or Korean character is a word, and so is every
/// run of Latin letters and digits: a milder rule, since a Chinese word has about one and a half characters.
struct ShortSentenceRule: CleaningRule {
    let name = "short-sentences"
    let triggers: TextFeatures = .text
    let minimumWords: Int
    private let table = ScalarClass.table
    private let alphanumerics = ByteSet.alphanumerics

    func apply(to text: [UInt8], _ profile: TextProfile, _ edits: inout TextEdits) {
        let sentences = profile.sentences
        guard let first = sentences.firstIndex(where: { !hasEnough(text, $0) }) else { return }
        SentenceRemoval.apply(sentences, of: text, &edits) { $0 >= first && !hasEnough(text, sentences[$0]) }
    }

    private func hasEnough(_ text: [UInt8], _ range: Range<Int>) -> Bool {
        var words = 0
        var position = range.lowerBound
        while position < range.upperBound {
            let byte = text[position]
            if byte >= 0xE4, byte <= 0xE9 {
                words += 1
                position += 3
            } else if byte < 0x80 {
                let end = alphanumerics.end(in: text, from: position)
                if end > position { words += 1 }
                position = max(end, position + 1)
            } else {
                if isWord(Scalars.scalar(text, position)) { words += 1 }
                position += Scalars.length(byte)
            }
            if words >= minimumWords { return true }
        }
        return false
    }

    private func isWord(_ scalar: UInt32) -> Bool {
        let raw = scalar < 0x10000 ? table[Int(scalar)] : ScalarClass.of(scalar).rawValue
        return raw == ScalarClass.hanzi.rawValue || raw == ScalarClass.letter.rawValue
            || raw == ScalarClass.digit.rawValue
    }
}
