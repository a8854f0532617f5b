import Foundation
import InkSupport

/// What a task on texts reads: single texts, or pairs.
public enum TextInput: String, Codable, Sendable {
    case text
    case pair

    /// The name under which a run folder keeps it.
    private static let parameter = "input"

    /// Single texts are what a folder holds that says nothing, as those before pairs were known.
    var parameters: [String: String] { self == .pair ? [Self.parameter: rawValue] : [:] }

    /// What a run folder was trained on; nil for folders of other makers, which may take either.
    /// - Throws: `InputError` when the folder says something else.
    static func read(_ description: RunDescription?, _ folder: URL) throws -> TextInput? {
        guard let description else { return nil }
        guard let name = description.parameters[parameter] else { return .text }
        guard let input = TextInput(rawValue: name) else {
            throw InputError(
                at: "\(folder.appending(path: RunDescription.fileName).path): parameters.\(parameter)",
                "is not known", expected: "text or pair", found: name)
        }
        return input
    }

    /// What questions are, and whether a tab in one is white space, where the user says what a tab means.
    /// - Parameter input: what the model was trained on; nil where its folder does not say it.
    /// - Throws: `InputError` (`.usage`) when the two contradict each other.
    static func reading(_ tab: TabMeaning, _ input: TextInput?) throws -> (input: TextInput, tabIsSpace: Bool) {
        let meant: TextInput = tab == .pair ? .pair : .text
        if let input, input != meant {
            throw InputError(
                .usage, at: "--tab \(tab.rawValue)", "contradicts the model",
                expected: input == .pair ? "pairs of texts, which a tab separates" : "single texts",
                remedy: "leave --tab out")
        }
        return (meant, tab == .space)
    }

    private static func of(_ text: some TextOrPair) -> TextInput { text.pair == nil ? .text : .pair }

    /// What the texts of a training file are.
    /// - Throws: `InputError` naming the line of one that is not as the first, or when the recipe has no form for it.
    static func of(_ texts: [some TextOrPair], _ settings: FineTuningSettings) throws -> TextInput {
        let input = texts.first.map { of($0) } ?? .text
        try input.check(texts, settings.train, "the file has both single texts and pairs of texts")
        if input == .pair, !settings.recipe.inputForm(settings.task).appendsSeparator {
            throw InputError(
                .usage, at: "--recipe \(settings.recipe.rawValue)", "is for single texts",
                found: "pairs of texts in \(settings.train.path)", remedy: "leave --recipe out")
        }
        return input
    }

    /// - Throws: `InputError` naming the line of the first text that is of the other form.
    func check(
        _ texts: [some TextOrPair], _ file: URL, _ problem: String = "the file is not of the form of the training data"
    ) throws {
        guard let wrong = texts.first(where: { TextInput.of($0) != self }) else { return }
        throw InputError(
            at: "\(file.path):\(wrong.line ?? 1)", problem, expected: self == .pair ? "a pair of texts" : "one text",
            found: self == .pair ? "one text" : "two texts",
            remedy: "check the path, or name the columns in a header line")
    }
}

/// A record of one text or two.
protocol TextOrPair {
    var text: String { get }
    var pair: String? { get }
    var line: Int? { get }
}

extension LabelledText: TextOrPair {}
extension MultiLabelText: TextOrPair {}

extension TextOrPair {
    var texts: [String] { [text] + (pair.map { [$0] } ?? []) }
}

extension InputEncoder {
    /// `[CLS] text [SEP]`, or `[CLS] first [SEP] second [SEP]` for pairs.
    /// - Throws: `InputError` when the form has no room for text.
    func sequences(_ texts: [some TextOrPair]) throws -> [TokenSequence] {
        let pairs = texts.indices.filter { texts[$0].pair != nil }
        if pairs.isEmpty { return try sequences(texts.map(\.text)) }
        let encodedPairs = try sequences(pairs.map { texts[$0].text }, pairs: pairs.map { texts[$0].pair ?? "" })
        if pairs.count == texts.count { return encodedPairs }
        let singles = texts.indices.filter { texts[$0].pair == nil }
        let encodedSingles = try sequences(singles.map { texts[$0].text })
        let all = zip(pairs + singles, encodedPairs + encodedSingles)
        return all.sorted { $0.0 < $1.0 }.map(\.1)
    }
}
