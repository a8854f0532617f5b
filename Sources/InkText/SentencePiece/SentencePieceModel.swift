import Foundation
import InkSupport

/// The content of a SentencePiece `.model` file: pieces, and how texts are normalised (`sentencepiece_model.proto`).
struct SentencePieceModel: Sendable {
    /// What a piece is for.
    enum PieceType: Int, Sendable {
        case normal = 1
        /// Stands for whatever no piece covers.
        case unknown
        /// Never comes from text: `<s>`, `</s>`.
        case control
        /// Is always one piece, before anything else is looked at.
        case userDefined
        /// In the file but not to be used.
        case unused
        /// One of 256 bytes, for what no piece covers.
        case byte
    }

    struct Piece: Sendable {
        var text = ""
        var score: Float = 0
        var type = PieceType.normal
    }

    enum Algorithm: Int, Sendable {
        case unigram = 1
        case bpe
    }

    /// `NormalizerSpec`.
    struct Normalization: Sendable {
        /// A double-array trie of rules and their replacements; empty for none.
        var rules: [UInt8] = []
        /// Where the rules stand in the file, for errors.
        var rulesPosition = 0
        var addsDummyPrefix = true
        var removesExtraSpaces = true
        var escapesSpaces = true
        /// `treat_whitespace_as_suffix` of `TrainerSpec`.
        var spaceIsSuffix = false
    }

    private(set) var pieces: [Piece] = []
    private(set) var algorithm = Algorithm.unigram
    private(set) var normalization = Normalization()
    /// What no piece covers becomes byte pieces.
    private(set) var hasByteFallback = false
    /// Number of the piece for the unknown.
    private(set) var unknownPiece = 0
    /// The path, for errors.
    let location: String

    /// Reads a `.model` file.
    /// - Throws: `InputError` with the byte position where it is damaged; for a kind of model other than Unigram and
    ///   BPE.
    init(contentsOf file: URL) throws {
        try self.init(WholeFile.read(file, limit: WholeFile.tableLimit), location: file.path(percentEncoded: false))
    }

    init(_ bytes: [UInt8], location: String) throws {
        self.location = location
        var reader = ProtobufReader(bytes, 0..<bytes.count, location: location)
        while let field = try reader.next() {
            switch field.number {
            case 1: pieces.append(try Self.piece(ProtobufReader(bytes, reader.range(field), location: location)))
            case 2: try readTrainer(ProtobufReader(bytes, reader.range(field), location: location))
            case 3: try readNormalizer(ProtobufReader(bytes, reader.range(field), location: location), bytes)
            default: continue
            }
        }
        try check()
    }

    private static func piece(_ fields: ProtobufReader) throws -> Piece {
        var reader = fields
        var piece = Piece()
        while let field = try reader.next() {
            switch field.number {
            case 1: piece.text = try reader.text(field)
            case 2:
                piece.score = try reader.float(field)
                guard piece.score.isFinite else {
                    throw reader.error("a score is not finite", at: field.position, found: "\(piece.score)")
                }
            case 3:
                let number = try reader.integer(field)
                guard let type = PieceType(rawValue: number) else {
                    throw reader.error(
                        "unknown type of piece", at: field.position, expected: "1 to 6", found: "\(number)")
                }
                piece.type = type
            default: continue
            }
        }
        return piece
    }

    private mutating func readTrainer(_ fields: ProtobufReader) throws {
        var reader = fields
        while let field = try reader.next() {
            switch field.number {
            case 3:
                let number = try reader.integer(field)
                guard let algorithm = Algorithm(rawValue: number) else {
                    let names = [3: "word", 4: "char"]
                    throw reader.error(
                        "unknown kind of model", at: field.position, expected: "unigram (1) or bpe (2)",
                        found: names[number] ?? "\(number)")
                }
                self.algorithm = algorithm
            case 24: normalization.spaceIsSuffix = try reader.bool(field)
            case 35: hasByteFallback = try reader.bool(field)
            default: continue
            }
        }
    }

    private mutating func readNormalizer(_ fields: ProtobufReader, _ bytes: [UInt8]) throws {
        var reader = fields
        while let field = try reader.next() {
            switch field.number {
            case 2:
                let range = try reader.range(field)
                normalization.rules = Array(bytes[range])
                normalization.rulesPosition = range.lowerBound
            case 3: normalization.addsDummyPrefix = try reader.bool(field)
            case 4: normalization.removesExtraSpaces = try reader.bool(field)
            case 5: normalization.escapesSpaces = try reader.bool(field)
            default: continue
            }
        }
    }

    /// In bytes; more is a sign of damage.
    private static let longestPiece = 4096

    /// What every model must have: pieces with distinct texts, one of them for the unknown, and all bytes or none.
    private mutating func check() throws {
        guard !pieces.isEmpty else {
            throw InputError(
                at: location, "holds no pieces", expected: "a SentencePiece model",
                remedy: "The file is damaged or no SentencePiece model; fetch it again.")
        }
        guard pieces.count <= 1 << 24 else { throw error("too many pieces", expected: "at most 2^24", 1 << 24) }
        // Reserved pieces may have the text of an ordinary one.
        var seen = [Set<[UInt8]>](repeating: [], count: 2)
        var unknown: Int?
        for (index, piece) in pieces.enumerated() {
            guard !piece.text.isEmpty else { throw error("a piece is empty", index) }
            guard piece.text.utf8.count <= Self.longestPiece else {
                throw error("a piece is too long", expected: "at most \(Self.longestPiece) bytes", index)
            }
            let isReserved = [.unknown, .control, .byte].contains(piece.type)
            guard seen[isReserved ? 1 : 0].insert(Array(piece.text.utf8)).inserted else {
                throw error("a piece occurs twice", found: "\"\(piece.text)\"", index)
            }
            if piece.type == .unknown {
                guard unknown == nil else { throw error("there is a second piece for the unknown", index) }
                unknown = index
            }
            guard piece.type != .byte || Self.byte(of: piece.text) != nil && hasByteFallback else {
                throw error("not a byte piece", expected: "<0x00> to <0xFF>, with byte_fallback", index)
            }
        }
        guard let unknown else {
            throw InputError(at: location, "no piece stands for the unknown", expected: "one piece of type 2")
        }
        unknownPiece = unknown
        let byteCount = pieces.count { $0.type == .byte }
        guard !hasByteFallback || byteCount == 256 else {
            throw InputError(
                at: location, "lacks byte pieces", expected: "256 with byte_fallback", found: "\(byteCount)")
        }
    }

    private func error(_ problem: String, expected: String? = nil, found: String? = nil, _ index: Int) -> InputError {
        InputError(at: "\(location): piece \(index)", problem, expected: expected, found: found)
    }

    /// The byte that a piece like `<0x0A>` stands for.
    static func byte(of piece: String) -> UInt8? {
        let text = Array(piece.utf8)
        guard text.count == 6, piece.hasPrefix("<0x"), piece.hasSuffix(">") else { return nil }
        let digits = String(decoding: text[3..<5], as: UTF8.self)
        guard let byte = UInt8(digits, radix: 16), digits == digits.uppercased() else { return nil }
        return byte
    }
}
