import Foundation
import InkText

/// What jieba 0.42.1 made of the fixture's dictionary and texts; see Tools/make_segmenter_fixtures.py.
struct SegmenterFixture: Decodable {
    let texts: [String]
    /// By the name of a setting: mode, then `-hmm` and `-user`.
    let words: [String: [[String]]]
    let frequencies: [String: Int]
    let total: Int

    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/segmenter")
    static let dictionaryFile = folder.appending(path: "dict.txt")
    static let userFile = folder.appending(path: "user.txt")

    static func read() throws -> SegmenterFixture {
        try JSONDecoder().decode(Self.self, from: Data(contentsOf: folder.appending(path: "cases.json")))
    }

    static func dictionary(user: Bool = false) throws -> WordDictionary {
        var dictionary = try WordDictionary(contentsOf: dictionaryFile)
        if user { try dictionary.addUserWords(contentsOf: userFile) }
        return dictionary
    }

    static func segmenter(hmm: Bool = false, user: Bool = false) throws -> WordSegmenter {
        WordSegmenter(
            dictionary: try dictionary(user: user),
            boundaryModel: hmm ? try WordBoundaryModel(contentsOf: folder.appending(path: "hmm.json")) : nil)
    }
}
