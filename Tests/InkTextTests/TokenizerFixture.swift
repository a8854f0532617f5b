import Foundation
import InkText

/// The texts and their ids and offsets as `BertTokenizerFast` gave them; see Tools/make_tokenizer_fixtures.py.
struct TokenizerFixture {
    struct Case: Decodable {
        let texts: [Int]
        let ids: [[Int32]]
        let offsets: [[Int]]
    }
    struct Pair: Decodable {
        let first: Int
        let second: Int?
        let maxLength: Int
        let truncation: String
        let special: Bool
        let fails: Bool?
        let ids: [Int32]?
        let types: [Int32]?
        let mask: [Int]?
        let offsets: [Int]?
    }
    struct Decoded: Decodable {
        let ids: [Int32]
        let skip: Bool
        let text: String
    }

    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/tokenizer")

    let texts: [String]
    let vocabulary: Vocabulary

    init() throws {
        texts = try Self.read("texts")
        vocabulary = try Vocabulary(contentsOf: Self.folder.appending(path: "vocab.txt"))
    }

    static func read<Value: Decodable>(_ name: String) throws -> Value {
        try JSONDecoder().decode(Value.self, from: Data(contentsOf: folder.appending(path: "\(name).json")))
    }

    static func ranges(_ flat: [Int]) -> [Range<Int>] {
        stride(from: 0, to: flat.count, by: 2).map { flat[$0]..<flat[$0 + 1] }
    }

    /// The configurations of `cases.json`, in its order.
    func tokenizers() throws -> [BertTokenizer] {
        var cased = TokenizerConfig()
        cased.lowercases = false
        var joined = cased
        joined.stripsAccents = true
        joined.separatesIdeographs = false
        var accented = TokenizerConfig()
        accented.stripsAccents = false
        var additional = TokenizerConfig()
        additional.additionalSpecialTokens = [AddedToken("专家"), AddedToken("[X]"), AddedToken("re")]
        var added = TokenizerConfig()
        let free = Int32(vocabulary.count)
        added.addedTokens = [
            3: AddedToken("[MASK]", stripsLeft: true, isNormalized: true),
            free: AddedToken("Café", singleWord: true, stripsRight: true, isNormalized: true, isSpecial: false),
            free + 1: AddedToken("网友", isNormalized: true, isSpecial: false),
            free + 2: AddedToken("ab", singleWord: true, stripsLeft: true, stripsRight: true, isSpecial: false),
        ]
        return try [TokenizerConfig(), cased, joined, accented, additional, added].map {
            try BertTokenizer(vocabulary: vocabulary, config: $0)
        }
    }
}
