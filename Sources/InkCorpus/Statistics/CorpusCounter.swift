import InkSupport
import InkText

/// Counts the documents of a batch: one thread's buffers.
struct CorpusCounter {
    private let facts = ScalarFacts.shared
    private let tokens: (any TokenCounting)?
    private var counts = CorpusCounts()
    /// How often each scalar came in this batch, and which came at all.
    private var scalars = [Int32](repeating: 0, count: 0x11_0000)
    private var seen: [Unicode.Scalar] = []

    init(_ tokenizer: (any Tokenizer)?) { tokens = tokenizer.map { makeTokenCounting($0) } }

    /// Twentieths, 0 to 19.
    static let shareBuckets = 20

    mutating func count(_ document: Document) {
        let utf8 = document.utf8
        var (characters, spaces, ideographs, lines) = (0, 0, 0, 0)
        var position = 0
        var isLineEmpty = true
        while position < utf8.count {
            let scalar = UTF8Text.scalar(utf8, at: &position, limit: utf8.count)
            characters += 1
            let value = Int(scalar.value)
            if scalars[value] == 0 { seen.append(scalar) }
            scalars[value] &+= 1
            if scalar == "\n" {
                isLineEmpty = true
            } else if isLineEmpty {
                isLineEmpty = false
                lines += 1
            }
            let flags = facts[scalar]
            if flags.contains(.ideograph) { ideographs += 1 } else if flags.contains(.whitespace) { spaces += 1 }
        }
        let visible = characters - spaces
        counts.documents += 1
        counts.bytes += utf8.count
        counts.characters += characters
        counts.visible += visible
        counts.ideographs += ideographs
        counts.lines += lines
        counts.sentences += SentenceSplitter.ranges(in: utf8).count
        counts.hashes.append(Hash64.of(utf8))
        counts.addSource(document.source, .init(documents: 1, characters: characters))
        counts.addScores(of: document.meta)
        counts.tally.record(bucket: Int.bitWidth - 1 - max(characters, 1).leadingZeroBitCount, in: "length")
        if visible > 0 {
            let bucket = min(Self.shareBuckets * ideographs / visible, Self.shareBuckets - 1)
            counts.tally.record(bucket: bucket, in: "chinese")
        }
        if let tokens {
            let (all, unknown) = tokens.count(document.text)
            counts.tokens += all
            counts.unknownTokens += unknown
        }
    }

    /// What was counted since the last time.
    mutating func take() -> CorpusCounts {
        for scalar in seen {
            counts.scalars[scalar] = Int(scalars[Int(scalar.value)])
            scalars[Int(scalar.value)] = 0
        }
        seen.removeAll(keepingCapacity: true)
        defer { counts = CorpusCounts() }
        return counts
    }
}

/// Counts tokens with the buffers of one tokenizer.
private protocol TokenCounting: AnyObject {
    /// The tokens of a text, and those among them that are unknown.
    func count(_ text: String) -> (all: Int, unknown: Int)
}

private func makeTokenCounting(_ tokenizer: some Tokenizer) -> any TokenCounting { TokenCounter(tokenizer) }

private final class TokenCounter<Kind: Tokenizer>: TokenCounting {
    private let tokenizer: Kind
    private var scratch = Kind.Scratch()
    private var ids: [Int32] = []

    init(_ tokenizer: Kind) { self.tokenizer = tokenizer }

    func count(_ text: String) -> (all: Int, unknown: Int) {
        ids.removeAll(keepingCapacity: true)
        tokenizer.appendTextIDs(of: text, limit: .max, to: &ids, &scratch)
        let unknown = tokenizer.unknownID
        return (ids.count, ids.reduce(0) { $1 == unknown ? $0 + 1 : $0 })
    }
}
