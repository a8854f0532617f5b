import Foundation
import InkSupport

/// Byte-pair encoding over bytes: a word's bytes, joined by the merges of the vocabulary.
final class ByteMerges: Sendable {
    /// The symbol of each byte; one that joins with nothing where the vocabulary lacks the byte.
    private let initials: [Int32]
    private let pairs: PairTable

    /// Stands for a byte that the vocabulary lacks; it gives no token.
    private static let missing = Int32.min

    /// - Parameters:
    ///   - merges: pairs of tokens, the first to be joined first, each with its place in the file for errors.
    /// - Throws: `InputError` where a part of a merge, or what it gives, is no token.
    init(_ vocabulary: TokenMap, merges: [(left: String, right: String, place: String)]) throws {
        initials = ByteAlphabet.scalars.map { vocabulary.id(of: String(Character($0))) ?? Self.missing }
        var pairs = PairTable(expectedCount: merges.count)
        for (rank, merge) in merges.enumerated() {
            func id(_ token: String) throws -> Int32 {
                guard let id = vocabulary.id(of: token) else {
                    throw InputError(
                        at: merge.place, "a merge needs a token that the vocabulary lacks",
                        expected: "\"\(token)\" in \(vocabulary.location)",
                        remedy: "Use the vocabulary and the merges of the same checkpoint.")
                }
                return id
            }
            guard pairs.hasRoom else { throw InputError(at: merge.place, "too many merges") }
            let (left, right) = (try id(merge.left), try id(merge.right))
            pairs.set(left, right, rank: UInt32(rank), result: try id(merge.left + merge.right))
        }
        self.pairs = pairs
    }

    /// Joins the bytes of a word; `body` is called with each token and the byte of `text` behind it.
    @inline(__always)
    func forEachToken(
        _ text: [UInt8], _ word: Range<Int>, _ merging: inout PairMerging, _ body: (_ id: Int32, _ end: Int) -> Void
    ) {
        merging.removeAll()
        for index in word { merging.append(initials[Int(text[index])]) }
        merging.run(pairs)
        merging.forEach { symbol, end in
            if symbol != Self.missing { body(symbol, word.lowerBound + end) }
        }
    }

    /// The merges of a `merges.txt`: two tokens a line, separated by a space; a first line `#version` is skipped.
    /// - Throws: `InputError` naming the line.
    static func merges(contentsOf file: URL) throws -> [(left: String, right: String, place: String)] {
        let location = file.path(percentEncoded: false)
        let lines = try VocabularyFile.lines(of: WholeFile.read(file, limit: WholeFile.tableLimit), location: location)
        var merges: [(left: String, right: String, place: String)] = []
        for (index, line) in lines.enumerated() where !line.isEmpty && !line.hasPrefix("#version") {
            merges.append(try merge(line, place: "\(location):\(index + 1)"))
        }
        return merges
    }

    /// Two tokens separated by a space.
    static func merge(_ line: String, place: String) throws -> (left: String, right: String, place: String) {
        let parts = line.unicodeScalars.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
            throw InputError(
                at: place, "not a merge", expected: "two tokens separated by a space", found: "\"\(line.prefix(60))\"")
        }
        return (String(parts[0]), String(parts[1]), place)
    }
}
