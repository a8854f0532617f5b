import InkText

/// What is to be said of the inputs of a model once all were answered: those that were cut, and special tokens that
/// texts hold themselves.
public struct InputNotes: Sendable {
    /// Inputs longer than the model was given to read.
    public internal(set) var cut: CutTexts
    /// Special tokens in the texts, however they are read.
    public internal(set) var specialTokens = SpecialTokensFound()

    init(_ profile: TaskProfile) { cut = CutTexts(profile) }

    /// A line for each kind that there is.
    func lines(_ encoder: InputEncoder) -> [String] {
        [
            cut.note(limit: encoder.form.maxLength, maxPositions: encoder.maxPositions),
            specialTokens.note(encoder.form.specialTokensInText ?? .keep, flag: "finetune --special-tokens-in-text"),
        ].compactMap { $0 }
    }
}

extension TaskKind {
    /// Looks at examples and their inputs.
    /// - Parameter place: where an example stands, by its number.
    func look(
        at examples: [Example], _ encoded: [EncodedExample<Target>], _ encoder: InputEncoder,
        place: (Int) -> String, _ notes: inout InputNotes
    ) {
        for input in encoded { notes.cut.add(input.sequences, at: place(input.example)) }
        for (index, example) in examples.enumerated() {
            for text in texts(of: example) {
                notes.specialTokens.look(at: text, encoder.tokenizer, place: place(index))
            }
        }
    }

    /// What the inputs leave out of the examples, a line each.
    /// - Parameter file: the name of the file the examples come from.
    package func notes(
        _ examples: [Example], _ encoded: [EncodedExample<Target>], _ encoder: InputEncoder, file: String?
    ) -> [String] {
        func place(_ index: Int) -> String { self.place(of: examples[index], index, file) }
        var notes = InputNotes(Self.profile)
        look(at: examples, encoded, encoder, place: place, &notes)
        return notes.lines(encoder) + inputNotes(examples, encoded, place: place)
    }

    private func place(of example: Example, _ index: Int, _ file: String?) -> String {
        let line = line(of: example).flatMap { $0 > 0 ? $0 : nil }
        switch (file, line) {
        case (let file?, let line?): return "\(file):\(line)"
        case (nil, let line?): return "line \(line)"
        default: return "example \(index + 1)" + (file.map { " of \($0)" } ?? "")
        }
    }
}
