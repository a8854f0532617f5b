import InkSupport

/// One pre-tokenizer of a `tokenizer.json`, as Hugging Face `tokenizers` 0.22 carries it out.
enum SplittingStep: Sendable {
    /// Where the mark for a space is put before a text.
    enum Prefix: String, Sendable {
        case always
        /// Only at the beginning of the whole text.
        case first
        case never
    }

    /// Words between white space.
    case whitespace
    /// Spaces become `mark`; each begins a word where `splits`.
    case metaspace(mark: Unicode.Scalar, prefix: Prefix, splits: Bool)

    /// - Throws: `InputError` naming a kind that is not known.
    init(_ component: JSONComponent) throws {
        switch try component.type() {
        case "WhitespaceSplit": self = .whitespace
        case "Metaspace":
            let mark = try component.required("replacement", String.self).unicodeScalars
            guard let scalar = mark.first, mark.count == 1 else {
                throw InputError(at: "\(component.place).replacement", "not one character")
            }
            let hasPrefix = try component.value("add_prefix_space", Bool.self) ?? true
            let name = try component.value("prepend_scheme", String.self)
            guard let prefix = Prefix(rawValue: name ?? (hasPrefix ? "always" : "never")) else {
                throw InputError(
                    at: "\(component.place).prepend_scheme", "unknown scheme", expected: "always, first or never",
                    found: name)
            }
            self = .metaspace(
                mark: scalar, prefix: prefix, splits: try component.value("split", Bool.self) ?? true)
        default: throw component.unknown("pre-tokenizer", expected: "Metaspace or WhitespaceSplit")
        }
    }

    func apply(to texts: [MappedText]) -> [MappedText] {
        texts.flatMap { text -> [MappedText] in
            switch self {
            case .whitespace: return Self.pieces(of: text, endsWord: { $0.properties.isWhitespace }, keeps: false)
            case .metaspace(let mark, let prefix, let splits):
                var marked = text
                for index in marked.symbols.indices where marked.symbols[index].scalar == " " {
                    marked.symbols[index].scalar = mark
                }
                let isWanted = prefix == .always || prefix == .first && text.symbols.first?.start == 0
                if isWanted, marked.symbols.first?.scalar != mark { marked.prepend([mark]) }
                return splits ? Self.pieces(of: marked, endsWord: { $0 == mark }, keeps: true) : [marked]
            }
        }
    }

    /// Cuts at certain scalars, which begin the next word where they are kept.
    private static func pieces(
        of text: MappedText, endsWord: (Unicode.Scalar) -> Bool, keeps: Bool
    ) -> [MappedText] {
        var pieces: [MappedText] = []
        var current = MappedText()
        for symbol in text.symbols {
            let isEnd = endsWord(symbol.scalar)
            if isEnd, !current.symbols.isEmpty {
                pieces.append(current)
                current = MappedText()
            }
            if keeps || !isEnd { current.symbols.append(symbol) }
        }
        if !current.symbols.isEmpty { pieces.append(current) }
        return pieces
    }
}
