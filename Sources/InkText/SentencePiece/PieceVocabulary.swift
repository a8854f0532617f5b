import InkSupport

/// The tokens of a SentencePiece model with the ids that the checkpoint gives them.
struct PieceVocabulary: TokenTable {
    /// Which ids the pieces have.
    enum Layout: Sendable {
        /// Their places in the file.
        case asInFile
        /// As fairseq has them: `<s>`, `<pad>`, `</s>`, `<unk>`, the pieces from number 3 on, `<mask>`.
        case fairseq
    }

    let location: String
    /// The token of each id.
    let tokens: [String]
    /// The id of each piece.
    let ids: [Int32]
    /// The id of what no piece covers.
    let unknownID: Int32
    /// Ids of the 256 bytes; empty without byte fallback.
    let byteIDs: [Int32]
    /// By UTF-8.
    private let idOfToken: [[UInt8]: Int32]

    /// - Throws: `InputError` when the first pieces are not those that the layout expects.
    init(_ model: SentencePieceModel, _ layout: Layout) throws {
        location = model.location
        switch layout {
        case .asInFile:
            tokens = model.pieces.map(\.text)
            ids = (0..<Int32(model.pieces.count)).map { $0 }
        case .fairseq:
            let expected = ["<unk>", "<s>", "</s>"]
            let first = model.pieces.prefix(3).map(\.text)
            guard first == expected, model.unknownPiece == 0 else {
                throw InputError(
                    at: location, "the first pieces are not those of an XLM-R model",
                    expected: expected.joined(separator: " "), found: first.joined(separator: " "),
                    remedy: "Check tokenizer_class in tokenizer_config.json.")
            }
            tokens = ["<s>", "<pad>", "</s>", "<unk>"] + model.pieces.dropFirst(3).map(\.text) + ["<mask>"]
            ids = [3, 0, 2] + (3..<Int32(max(model.pieces.count, 3))).map { $0 + 1 }
        }
        unknownID = ids[model.unknownPiece]
        var byteIDs = model.hasByteFallback ? [Int32](repeating: unknownID, count: 256) : []
        for (piece, id) in zip(model.pieces, ids) where piece.type == .byte {
            if let byte = SentencePieceModel.byte(of: piece.text) { byteIDs[Int(byte)] = id }
        }
        self.byteIDs = byteIDs
        // Reserved pieces come before ordinary ones of the same text.
        let ordinary = Set(
            zip(model.pieces, ids).lazy.filter { [.normal, .userDefined, .unused].contains($0.0.type) }.map(\.1))
        idOfToken = Dictionary(zip(tokens.map { Array($0.utf8) }, Int32(0)...)) { first, second in
            ordinary.contains(second) ? first : second
        }
    }

    var count: Int { tokens.count }

    func id(of token: String) -> Int32? { idOfToken[Array(token.utf8)] }

    func token(of id: Int32) -> String? { id >= 0 && id < tokens.count ? tokens[Int(id)] : nil }

    func isRepeated(_ token: String) -> Bool { false }
}
