/// Splits English text into words and marks by the conventions of the Penn Treebank, sentence by sentence, as NLTK's
/// `word_tokenize` does for lower-case text. Sentences end by marks and letters alone; NLTK's list of abbreviations
/// learnt from newspapers is not used.
enum EnglishWords {
    /// The words and marks of `text`, which is in lower case.
    static func split(_ text: [Unicode.Scalar]) -> [[Unicode.Scalar]] {
        var words: [[Unicode.Scalar]] = []
        for sentence in sentences(of: text) { words += tokens(of: sentence) }
        return words
    }

    // MARK: Sentences

    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isWhitespace }
    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.generalCategory == .decimalNumber
    }
    private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "_" || scalar.properties.isAlphabetic || scalar.properties.numericType != nil
    }

    /// Marks that stand alone beside words.
    private static let nonWords: Set<Unicode.Scalar> = [
        ")", "\"", ";", "}", "]", "*", ":", "@", "'", "(", "{", "[", "!", "?",
    ]

    /// The pieces between ends of sentences: `.`, `?` or `!` before white space or a mark. Closing quotes and brackets
    /// before white space belong to the sentence that ends.
    private static func sentences(of text: [Unicode.Scalar]) -> [ArraySlice<Unicode.Scalar>] {
        let closing: Set<Unicode.Scalar> = ["\"", "'", ")", "]", "}"]
        var sentences: [ArraySlice<Unicode.Scalar>] = []
        var start = 0
        var index = 0
        while index < text.count {
            let mark = index
            index += 1
            guard text[mark] == "." || text[mark] == "?" || text[mark] == "!" else { continue }
            guard index < text.count, isSpace(text[index]) || nonWords.contains(text[index]) else { continue }
            var next = index
            while next < text.count, isSpace(text[next]) { next += 1 }
            guard next < text.count, isSentenceEnd(text, mark, next) else { continue }
            var end = next
            while end < text.count, closing.contains(text[end]) { end += 1 }
            if end == text.count || isSpace(text[end]) {
                while end < text.count, isSpace(text[end]) { end += 1 }
                next = end
            }
            sentences.append(text[start..<next])
            start = next
            index = max(index, next)
        }
        if start < text.count { sentences.append(text[start...]) }
        return sentences
    }

    /// Whether the mark ends a sentence: not after dots, nor after an initial or a number that a small letter or a mark
    /// follows.
    private static func isSentenceEnd(_ text: [Unicode.Scalar], _ mark: Int, _ next: Int) -> Bool {
        guard text[mark] == "." else { return true }
        var start = mark
        while start > 0, !isSpace(text[start - 1]), !nonWords.contains(text[start - 1]) { start -= 1 }
        let word = text[start..<mark]
        guard let last = word.last else { return true }
        if last == "." { return false }
        let isInitial = word.count == 1 && isWord(last) && !isDigit(last)
        let isNumber = word.contains(where: isDigit) && word.allSatisfy { isDigit($0) || $0 == "," || $0 == "." }
        let marks: Set<Unicode.Scalar> = [";", ":", ",", ".", "!", "?"]
        let goesOn = text[next].properties.isLowercase || marks.contains(text[next])
        return !((isInitial || isNumber) && goesOn)
    }

    // MARK: Words

    private static let standalone: Set<Unicode.Scalar> = [
        ";", "@", "#", "$", "%", "&", "?", "!", "*", "(", ")", "[", "]", "{", "}", "<", ">", "«", "»", "“", "”", "‘",
        "’", "„", "\u{2012}", "\u{2013}", "\u{2014}", "\u{2015}",
    ]

    private static func tokens(of sentence: ArraySlice<Unicode.Scalar>) -> [[Unicode.Scalar]] {
        let text = withoutFinalPeriod(Array(sentence))
        var words: [[Unicode.Scalar]] = []
        var word: [Unicode.Scalar] = []
        func flush() {
            if !word.isEmpty { words += clitics(of: word) }
            word.removeAll(keepingCapacity: true)
        }
        var index = 0
        var afterComma = 0
        while index < text.scalars.count {
            let scalar = text.scalars[index]
            let next = index + 1 < text.scalars.count ? text.scalars[index + 1] : nil
            index += 1
            if isSpace(scalar) {
                flush()
            } else if index - 1 == text.finalPeriod || standalone.contains(scalar) {
                flush()
                words.append([scalar])
            } else if scalar == ",", index > afterComma, next.map({ !isDigit($0) }) ?? true {
                flush()
                words.append([scalar])
                // The rule takes the character after the comma with it: a second comma stays with what follows.
                afterComma = index + 1
            } else if scalar == ".", next == "." {
                flush()
                var dots: [Unicode.Scalar] = [scalar]
                while index < text.scalars.count, text.scalars[index] == ".", index != text.finalPeriod {
                    dots.append(scalar)
                    index += 1
                }
                words.append(dots)
            } else if scalar == "\"" || (scalar == "'" && next == "'") {
                let before = index >= 2 ? text.scalars[index - 2] : nil
                let followsFirstQuote = scalar == "\"" && index == 2 && before == "\""
                let opens = before.map { $0 == " " || isOpening($0) } ?? (scalar == "\"") || followsFirstQuote
                flush()
                words.append(Array((opens ? "``" : "''").unicodeScalars))
                if scalar == "'" { index += 1 }
            } else if scalar == "'", opensWord(text.scalars, at: index - 1) {
                word.append(scalar)
                flush()
            } else {
                word.append(scalar)
            }
        }
        flush()
        return words
    }

    private static func isOpening(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "(" || scalar == "[" || scalar == "{" || scalar == "<"
    }

    /// Whether the apostrophe at `index` is an opening quote: before a word, unless that is a short form (`'s`).
    private static func opensWord(_ text: [Unicode.Scalar], at index: Int) -> Bool {
        guard index == 0 || !isWord(text[index - 1]) else { return false }
        let word = text[(index + 1)...].prefix(while: isWord)
        let shortForms = ["re", "ve", "ll", "m", "t", "s", "d", "n"]
        return !word.isEmpty && !shortForms.contains(String(String.UnicodeScalarView(word)))
    }

    /// Where the sentence's last period stands, if it is a single one before nothing but closing marks.
    private static func withoutFinalPeriod(
        _ text: [Unicode.Scalar]
    ) -> (scalars: [Unicode.Scalar], finalPeriod: Int?) {
        let closing: Set<Unicode.Scalar> = ["]", ")", "}", ">", "\"", "'", "»", "”", "’", " "]
        var index = text.count
        while index > 0, closing.contains(text[index - 1]) || isSpace(text[index - 1]) { index -= 1 }
        guard index > 1, text[index - 1] == ".", text[index - 2] != "." else { return (text, nil) }
        return (text, index - 1)
    }

    /// A word without white space: `don't` is `do`, `n't`; `it's` is `it`, `'s`; `cannot` is `can`, `not`.
    private static func clitics(of word: [Unicode.Scalar]) -> [[Unicode.Scalar]] {
        let text = String(String.UnicodeScalarView(word))
        if let parts = contractions[text] { return parts.map { Array($0.unicodeScalars) } }
        for ending in ["'ll", "'re", "'ve", "n't", "'s", "'m", "'d", "'"] {
            guard text.hasSuffix(ending), word.count > ending.utf8.count else { continue }
            let stem = word.dropLast(ending.utf8.count)
            guard let last = stem.last, last != "'" else { continue }
            return clitics(of: Array(stem)) + [Array(ending.unicodeScalars)]
        }
        return [word]
    }

    private static let contractions: [String: [String]] = [
        "cannot": ["can", "not"], "d'ye": ["d", "'ye"], "gimme": ["gim", "me"], "gonna": ["gon", "na"],
        "gotta": ["got", "ta"], "lemme": ["lem", "me"], "more'n": ["more", "'n"], "wanna": ["wan", "na"],
        "'tis": ["'t", "is"], "'twas": ["'t", "was"],
    ]
}
