/// Counts the words of a list that a search in text can never meet, with the first of them.
struct UnreachableWords {
    private struct Tally {
        var count = 0
        var first = ""

        mutating func add(_ word: String, _ line: Int?, _ detail: String = "") {
            if count == 0 {
                first = (line.map { "the first in line \($0): " } ?? "the first: ") + "\"\(word)\"" + detail
            }
            count += 1
        }
    }

    private let ideographs: WordSegmenter.Ideographs
    /// The letters of a word as the searched text spells them; nil where text is searched as it is.
    private let form: ((String) -> [Unicode.Scalar])?
    private var spaced = Tally()
    private var cut = Tally()
    private var otherwise = Tally()

    init(_ ideographs: WordSegmenter.Ideographs, form: ((String) -> [Unicode.Scalar])? = nil) {
        self.ideographs = ideographs
        self.form = form
    }

    /// Looks at the next word. `line` is where it stands, if it stands in a file.
    mutating func look(at word: String, line: Int? = nil) {
        let letters = word.unicodeScalars
        if letters.contains(where: \.properties.isWhitespace) {
            spaced.add(word, line)
        } else if let cutter = ideographs.cutter(of: word) {
            cut.add(word, line, ", for its \"\(cutter)\"")
        } else if let form, letters.contains(where: mayChange), !form(word).elementsEqual(letters) {
            otherwise.add(word, line)
        }
    }

    /// Only what no normalisation touches needs no closer look.
    private func mayChange(_ letter: Unicode.Scalar) -> Bool {
        !("a"..."z").contains(letter) && !(0x4E00...0x9FD5).contains(letter.value)
    }

    /// One line for each kind of such words.
    func warnings(location: String) -> [String] {
        func say(_ tally: Tally, _ one: String, _ many: String, _ remedy: String) -> String? {
            guard tally.count > 0 else { return nil }
            let what = tally.count == 1 ? "1 word \(one) and is" : "\(tally.count) words \(many) and are"
            return "\(location): \(what) never found, \(tally.first); \(remedy)"
        }
        return [
            say(
                spaced, "holds white space", "hold white space",
                "fields are `word frequency tag` with single spaces between"),
            say(
                cut, "holds a character at which text is always cut", "hold a character at which text is always cut",
                "words are made of Chinese characters\(ideographs == .common ? " (U+4E00 to U+9FD5)" : ""), ASCII letters, "
                    + "digits and + # & . _ % -"),
            say(
                otherwise, "is spelt otherwise in the tokenizer's text", "are spelt otherwise in the tokenizer's text",
                "it is normalised before the search: small letters without accents"),
        ].compactMap { $0 }
    }
}

extension WordSegmenter.Ideographs {
    /// The first character of a word at which text is always cut, so that the word is never found; nil where there is
    /// none. A single character is always a word of its own.
    func cutter(of word: String) -> Unicode.Scalar? {
        let letters = word.unicodeScalars
        guard letters.count > 1 else { return nil }
        return letters.first { SegmentLetter.kind(of: $0, self) == .other }
    }
}
