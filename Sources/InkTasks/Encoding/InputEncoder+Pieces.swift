import InkSupport
import InkText

extension InputEncoder {
    /// Most tokens of text in an input with one text, or with two.
    /// - Throws: `InputError` when there is no room for any.
    func room(isPair: Bool) throws -> Int {
        let template = isPair ? tokenizer.template.pair : tokenizer.template.single
        let added = template.count { if case .token = $0 { true } else { false } }
        let shortest = added + (isPair ? 2 : 1)
        guard form.maxLength >= shortest else {
            throw InputError(
                .usage, at: "--max-length", "no room for text beside the special tokens",
                expected: "at least \(shortest)", found: "\(form.maxLength)")
        }
        return form.maxLength - added
    }

    /// An input of one or two pieces of text that are tokens already, with the special tokens around them.
    /// - Returns: the input, and where the last piece begins in it.
    func sequence(_ pieces: [ArraySlice<Int32>]) -> (sequence: TokenSequence, start: Int) {
        let template = pieces.count == 2 ? tokenizer.template.pair : tokenizer.template.single
        var ids: [Int32] = []
        var types: [Int32] = []
        var start = 0
        for part in template {
            switch part {
            case .token(let id, let typeID):
                ids.append(id)
                types.append(typeID)
            case .text(let index, let typeID):
                if index == pieces.count - 1 { start = ids.count }
                ids.append(contentsOf: pieces[index])
                types.append(contentsOf: repeatElement(typeID, count: pieces[index].count))
            }
        }
        return (TokenSequence(ids, tokenTypeIDs: types.contains { $0 != 0 } ? types : []), start)
    }
}
