import InkSupport
import InkText

/// Documents as tokens, on their way from the threads to the shard files.
struct TokenizedBatch: Sendable {
    struct Shape: Sendable {
        var tokens: Int
        var sentences: Int
        var unknown: Int
        var source: String
    }

    var shapes: [Shape] = []
    /// The ids of all documents, 2 or 4 bytes each.
    var ids: [UInt8] = []
    /// For each sentence its tokens.
    var sentenceTokens: [UInt32] = []
    /// For each token whether a word starts there; empty without words.
    var wordStarts: [Bool] = []
}

/// One thread's part in making tokens of documents.
protocol ShardTokenizing: AnyObject {
    func append(_ document: Document, to batch: inout TokenizedBatch)
}

/// The tokens of a document are those of its sentences, each as the tokenizer gives them for the sentence alone.
final class ShardTokenizer<Model: Tokenizer>: ShardTokenizing {
    private let tokenizer: Model
    private let segmenter: WordSegmenter?
    private let isWide: Bool
    /// By id: a piece that goes on with the word before it.
    private let continues: [Bool]
    private var scratch = Model.Scratch()
    private var ids: [Int32] = []
    /// Where each token begins, in code points; -1 for one of white space alone.
    private var places: [Int] = []

    init(_ tokenizer: Model, segmenter: WordSegmenter?, isWide: Bool, continues: [Bool]) {
        self.tokenizer = tokenizer
        self.segmenter = segmenter
        self.isWide = isWide
        self.continues = continues
    }

    func append(_ document: Document, to batch: inout TokenizedBatch) {
        var shape = TokenizedBatch.Shape(tokens: 0, sentences: 0, unknown: 0, source: document.source)
        for range in SentenceSplitter.ranges(in: document.utf8) {
            let sentence = document.utf8[range]
            let text = String(decoding: sentence, as: UTF8.self)
            ids.removeAll(keepingCapacity: true)
            tokenizer.appendTextIDs(of: text, limit: .max, to: &ids, &scratch)
            if ids.isEmpty { continue }
            if let segmenter { markWords(segmenter, text, sentence, &batch) }
            for id in ids {
                if id == tokenizer.unknownID { shape.unknown += 1 }
                if isWide { batch.ids.append(littleEndian: id) } else { batch.ids.append(littleEndian: UInt16(id)) }
            }
            batch.sentenceTokens.append(UInt32(ids.count))
            shape.sentences += 1
            shape.tokens += ids.count
        }
        batch.shapes.append(shape)
    }

    /// A word starts at the first token that begins inside it, white space before it not counted. A token of white space
    /// alone, as SentencePiece puts before Chinese text, is a word of its own.
    private func markWords(
        _ segmenter: WordSegmenter, _ text: String, _ sentence: ArraySlice<UInt8>, _ batch: inout TokenizedBatch
    ) {
        let words = segmenter.ranges(of: text)
        if !findPlaces(sentence) { analyzePlaces(text) }
        var word = 0
        var last = -1
        for (id, place) in zip(ids, places) {
            guard place >= 0 else {
                batch.wordStarts.append(true)
                last = -1
                continue
            }
            while word < words.count, words[word].upperBound <= place { word += 1 }
            batch.wordStarts.append(word != last && !continues[Int(id)])
            last = word
        }
        // Both ways of the tokenizer give the same ids; should one not, the row must still fit.
        for _ in min(places.count, ids.count)..<ids.count { batch.wordStarts.append(true) }
    }

    /// The way to the tokens' places that works for every tokenizer: by their offsets.
    private func analyzePlaces(_ text: String) {
        let isSpace = text.unicodeScalars.map(\.properties.isWhitespace)
        places.removeAll(keepingCapacity: true)
        for range in tokenizer.analyze(text).offsets {
            places.append(range.first { !isSpace[$0] } ?? -1)
        }
    }

    /// The short way to the tokens' places, for BERT's tokenizer: where there are as many tokens as letters that are no
    /// space and that no rule of it can split or drop, each token is one letter.
    private func findPlaces(_ sentence: ArraySlice<UInt8>) -> Bool {
        guard tokenizer is BertTokenizer else { return false }
        places.removeAll(keepingCapacity: true)
        var scalar = 0
        var position = sentence.startIndex
        while position < sentence.endIndex {
            let byte = sentence[position]
            switch byte {
            case 0x20: position += 1
            case 0x21...0x7E:
                places.append(scalar)
                position += 1
            // U+3000 to U+9FFF less the ideographic space and kana, which accents may be stripped from.
            case 0xE3...0xE9:
                guard position + 2 < sentence.endIndex, byte != 0xE3 || isMark(sentence, position) else { return false }
                places.append(scalar)
                position += 3
            case 0xEF:
                guard position + 2 < sentence.endIndex, sentence[position + 1] == 0xBC,
                    sentence[position + 2] >= 0x81
                else { return false }
                places.append(scalar)
                position += 3
            default: return false
            }
            scalar += 1
        }
        return places.count == ids.count
    }

    /// U+3001 to U+3011: 、。〈〉《》「」『』【】 and their like.
    private func isMark(_ sentence: ArraySlice<UInt8>, _ position: Int) -> Bool {
        sentence[position + 1] == 0x80 && (0x81...0x91).contains(sentence[position + 2])
    }
}

extension Tokenizer {
    /// A worker for one thread.
    func shardTokenizer(segmenter: WordSegmenter?, isWide: Bool, continues: [Bool]) -> any ShardTokenizing {
        ShardTokenizer(self, segmenter: segmenter, isWide: isWide, continues: continues)
    }

    /// By id: whether its token is a WordPiece that goes on with a word.
    func continuingPieces() -> [Bool] {
        (0..<max(0, idCount)).map { token(of: Int32($0))?.hasPrefix("##") ?? false }
    }
}
