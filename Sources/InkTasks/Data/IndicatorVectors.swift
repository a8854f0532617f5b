import Foundation
import InkSupport

/// Labels given as vectors: for each label in turn whether a text has it, `[0, 1, 0]` or `[false, true, false]`, the form
/// of scikit-learn's `MultiLabelBinarizer` and of transformers. Read as lists of names they would be two labels, `0` and
/// `1`.
enum IndicatorVectors {
    /// What an element of a vector says; nil for what is none.
    static func bit(_ text: String) -> Bool? {
        switch text.lowercased() {
        case "1", "1.0", "true": true
        case "0", "0.0", "false": false
        default: nil
        }
    }

    /// The labels that vectors stand for: names of `labels`, or `LABEL_0` … as transformers calls them where there are
    /// none. Nil where the lists are names or ids.
    /// - Parameter location: of a list, by its index.
    /// - Throws: `InputError` for lists of nothing but 0 and 1 that can be neither, and for probabilities.
    static func names(
        in lists: [[String]], labels: LabelSet?, at location: (Int) -> String, _ counter: inout OddityCounter
    ) throws -> (lists: [[String]], labels: LabelSet)? {
        guard let first = lists.firstIndex(where: { !$0.isEmpty }) else { return nil }
        let values = Set(lists.joined())
        let areBits = values.allSatisfy { bit($0) != nil }
        let repeats = lists.contains { Set($0).count < $0.count }
        // Names and ids stand in a list once.
        if let labels, !repeats, values.allSatisfy({ labels.id(of: $0) != nil }) { return nil }
        let example = Excerpt.of("[" + lists[first].joined(separator: ", ") + "]")
        guard areBits else {
            try refuseProbabilities(values, labels, at: location(first), example)
            return nil
        }
        let widths = Set(lists.map(\.count))
        let width = widths.count == 1 ? lists[first].count : nil
        if let labels, width != labels.count {
            // Numbers of no known name may still be ids, each once.
            if !repeats, values.allSatisfy({ labels.resolve($0) != nil }) { return nil }
            let odd = lists.firstIndex { $0.count != labels.count } ?? first
            throw InputError(
                at: location(odd), "the labels are a vector of 0 and 1, but not of as many as there are labels",
                expected: "\(labels.count) of them: \(labels.summary)", found: "\(lists[odd].count)",
                remedy: "give a 0 or 1 for each label in the order of the list, or write the names of the labels")
        }
        guard let width, labels != nil || width > 1 else {
            throw InputError(
                at: location(first), "the labels are nothing but 0 and 1",
                expected: "names of labels, or vectors of one length with a 0 or 1 for each label", found: example,
                remedy: "give the names of the labels with --labels, one a line; 0 and 1 if these are the names")
        }
        let named = try labels ?? LabelSet(names: (0..<width).map { "LABEL_\($0)" })
        counter.note(
            "vectors of 0 and 1 for labels", "read as one place for each label in turn: \(named.summary)",
            at: location(first), example: example, count: lists.count)
        return (lists.map { list in zip(named.names, list).filter { bit($0.1) == true }.map(\.0) }, named)
    }

    private static func refuseProbabilities(
        _ values: Set<String>, _ labels: LabelSet?, at location: String, _ example: String
    ) throws {
        let numbers = values.compactMap(Double.init)
        guard numbers.count == values.count, numbers.allSatisfy({ (0...1).contains($0) }),
            !values.contains(where: { labels?.resolve($0) != nil })
        else { return }
        throw InputError(
            at: location, "the labels are numbers between 0 and 1", expected: "names of labels, or 0 and 1 for each",
            found: example,
            remedy: "probabilities are not learned from: write 1 for the labels that the text has, else 0")
    }

    /// The names in a cell of a table: separated, also as Python writes a list (`['卫生', '噪音']`), or a vector whose
    /// elements are separated by spaces.
    static func split(_ cell: String, separators: String) -> [String] {
        var text = cell.trimmed[...]
        let isList = text.hasPrefix("[") && text.hasSuffix("]") && text.count > 1
        if isList { text = text.dropFirst().dropLast() }
        var parts = text.split { separators.contains($0) }.map { String($0).trimmed }.filter { !$0.isEmpty }
        if parts.count == 1 {
            let words = parts[0].split(separator: " ").map(String.init)
            if words.count > 1, words.allSatisfy({ bit($0) != nil }) { parts = words }
        }
        return isList ? parts.map(unquoted) : parts
    }

    private static func unquoted(_ text: String) -> String {
        guard text.count > 1, let quote = text.first, quote == "'" || quote == "\"", text.last == quote else {
            return text
        }
        return String(text.dropFirst().dropLast())
    }
}
