import InkSupport

/// Puts tagged texts together from pieces and counts what is odd about them.
struct TaggingBuilder {
    /// One piece of a text with its tag.
    struct Piece {
        var text: String
        let tag: String
        let line: Int
    }

    /// The name of the file, for messages.
    let name: String
    var counter = OddityCounter()
    private(set) var examples: [TaggingExample] = []
    private var letters: Set<Character> = []
    private var tagged: [(example: Int, tags: [TagScheme.Tag], pieces: [Piece])] = []
    /// Tags recur in every line; taking them apart once saves most of the reading time.
    private var known: [String: TagScheme.Tag] = [:]
    /// Whether every piece so far ends with its place in a word (`科0 技1`), as in the Weibo corpus.
    private var hasWordPlaces = true

    init(name: String) { self.name = name }

    private static func location(_ piece: Piece, _ name: String) -> String { "\(name):\(piece.line)" }

    /// Takes a text that came with spans.
    mutating func append(_ example: TaggingExample) { examples.append(example) }

    /// Takes a sentence of pieces and leaves the list empty. Throws `InputError` for a tag that is not understood.
    mutating func append(_ pieces: inout [Piece]) throws {
        guard let first = pieces.first else { return }
        var tags: [TagScheme.Tag] = []
        tags.reserveCapacity(pieces.count)
        for piece in pieces {
            if let tag = known[piece.tag] {
                tags.append(tag)
                continue
            }
            guard let tag = TagScheme.Tag(piece.tag) else {
                throw InputError(
                    at: Self.location(piece, name), "the tag is not understood",
                    expected: "O, or B-, I-, M-, E-, S- and a type",
                    found: Excerpt.of(piece.tag), remedy: "the tag is the last column; one scheme for the whole file")
            }
            known[piece.tag] = tag
            if let letter = piece.tag.first { letters.insert(letter) }
            tags.append(tag)
        }
        hasWordPlaces = hasWordPlaces && Self.withoutWordPlaces(pieces) != nil
        tagged.append((examples.count, tags, pieces))
        examples.append(TaggingExample(text: "", spans: [], line: first.line))
        pieces.removeAll(keepingCapacity: true)
    }

    /// The pieces without the number of their place in a word; nil unless all have one and the first is 0.
    private static func withoutWordPlaces(_ pieces: [Piece]) -> [Piece]? {
        var result = pieces
        var next = 0
        for (index, piece) in pieces.enumerated() {
            // One more than the last place, which may have two digits; otherwise a digit.
            let expected = String(next)
            let suffix = piece.text.hasSuffix(expected) ? expected : String(piece.text.suffix(1))
            guard let place = Int(suffix), place <= next || index > 0, piece.text.count > suffix.count else {
                return nil
            }
            result[index].text = String(piece.text.dropLast(suffix.count))
            next = place + 1
        }
        return result
    }

    /// The texts read, with spans made of their tags.
    mutating func finish() -> TaggingData {
        let name = name
        let scheme = tagged.isEmpty ? nil : TagScheme.detect(letters: letters)
        for (index, tags, pieces) in tagged {
            var pieces = pieces
            if hasWordPlaces, let without = Self.withoutWordPlaces(pieces) {
                counter.note(
                    "pieces that end with the number of their place in a word", "read without it",
                    at: Self.location(pieces[0], name), example: Excerpt.of(pieces[0].text), count: pieces.count)
                pieces = without
            }
            let (text, units) = Self.join(pieces.map(\.text))
            let inScalars = TagScheme.spans(of: tags).map {
                TypedSpan(type: $0.type, start: units[$0.start].lowerBound, end: units[$0.end - 1].upperBound)
            }
            let isByScalar = units.allSatisfy { $0.count == 1 } && units.count == text.unicodeScalars.count
            examples[index].text = text
            examples[index].spans = inScalars
            examples[index].units = isByScalar ? nil : units
            for place in (scheme ?? .bio).breaks(in: tags) {
                let piece = pieces[min(place, pieces.count - 1)]
                let before = place > 0 ? pieces[place - 1].tag : "the start"
                counter.note(
                    "tags that break the \((scheme ?? .bio).rawValue.uppercased()) scheme",
                    "read as conlleval and seqeval do", at: Self.location(piece, name),
                    example: "\(place < pieces.count ? piece.tag : "the end") after \(before)")
            }
        }
        let types = Set(examples.lazy.flatMap { $0.spans.lazy.map(\.type) })
        return TaggingData(examples: examples, types: types.sorted(), scheme: scheme, oddities: counter.oddities)
    }

    /// Pieces as one text: a space only between words of letters and digits that are longer than one character.
    private static func join(_ pieces: [String]) -> (text: String, units: [Range<Int>]) {
        var text = ""
        var units: [Range<Int>] = []
        var end = 0
        var previous = ""
        for piece in pieces {
            let touches = isWordEnd(previous.unicodeScalars.last) && isWordEnd(piece.unicodeScalars.first)
            if touches, previous.utf8.count > 1 || piece.utf8.count > 1 {
                text += " "
                end += 1
            }
            let start = end
            text += piece
            end += piece.unicodeScalars.count
            units.append(start..<end)
            previous = piece
        }
        return (text, units)
    }

    private static func isWordEnd(_ scalar: Unicode.Scalar?) -> Bool {
        guard let scalar else { return false }
        return scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
    }
}
