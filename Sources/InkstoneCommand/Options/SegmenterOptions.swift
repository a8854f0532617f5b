import ArgumentParser
import Foundation
import InkSupport
import InkText

/// `--dict`, `--lexicon`, `--user-dict`, `--hmm`: what words are cut by.
struct SegmenterOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp("A dictionary in jieba's format: `word frequency [tag]` a line.", valueName: "file"))
    var dict: String?

    @Option(
        name: .long,
        help: ArgumentHelp("Instead of --dict: raw text, one text a line, to find the words in.", valueName: "file"))
    var lexicon: String?

    @Option(
        name: .long,
        help: ArgumentHelp("Further words: `word [frequency] [tag]` a line; may be repeated.", valueName: "file"))
    var userDict: [String] = []

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Put letters that are left over together: off, on (estimated from the dictionary), or a table as JSON.",
            valueName: "file|on|off"))
    var hmm = "off"

    @Option(
        name: .long,
        help: ArgumentHelp("Also write the dictionary, user words included, to this file.", valueName: "file"))
    var saveDict: String?

    /// The segmenter that the options describe; writes the dictionary if asked to.
    /// - Throws: `InputError` naming the option, or the file and its line.
    func segmenter() throws -> WordSegmenter {
        var dictionary = try baseDictionary()
        for file in userDict { try dictionary.addUserWords(contentsOf: URL(filePath: file)) }
        dictionary.warnings.forEach { Note.warning($0) }
        if let saveDict { try dictionary.write(to: URL(filePath: saveDict)) }
        let model: WordBoundaryModel? =
            switch hmm {
            case "off": nil
            case "on": try WordBoundaryModel(estimatedFrom: dictionary)
            default: try WordBoundaryModel(contentsOf: URL(filePath: hmm))
            }
        return WordSegmenter(dictionary: dictionary, boundaryModel: model)
    }

    private func baseDictionary() throws -> WordDictionary {
        switch (dict, lexicon) {
        case (let file?, nil): return try WordDictionary(contentsOf: URL(filePath: file))
        case (nil, let file?):
            let reader = try LineReader(contentsOf: URL(filePath: file))
            var builder = try LexiconBuilder()
            while let line = try reader.next() { builder.add(line.text) }
            let dictionary = try builder.dictionary(location: file)
            dictionary.unreachableWords().forEach { Note.warning($0) }
            return dictionary
        default:
            throw InputError(
                .usage, at: "--dict", dict == nil ? "no dictionary" : "cannot be used together with --lexicon",
                expected: "--dict FILE in jieba's format, or --lexicon FILE with text to find the words in")
        }
    }
}
