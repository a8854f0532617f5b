import ArgumentParser
import InkText

/// `inkstone segment`: the words of Chinese text.
struct SegmentCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "segment",
        abstract: "Cut Chinese text into words.",
        discussion: """
            One line per text: the words separated by spaces, or with --json an object with words and offsets (start \
            and end in Unicode code points). With the same dictionary the words are jieba's.

            Example:
              inkstone segment --dict dict.txt 国足再次冲出亚洲
              inkstone segment --lexicon titles.txt --save-dict words.txt < titles.txt
            """)

    @OptionGroup var segmenter: SegmenterOptions
    @OptionGroup var input: TextArguments

    @Option(
        name: .long,
        help: "precise: the likeliest words; full: every word of the dictionary; search: precise and the words inside.")
    var mode = WordSegmenter.Mode.precise

    @Flag(name: .long, help: "One JSON object a line.")
    var json = false

    func run() throws {
        let segmenter = try segmenter.segmenter()
        let source = input.source()
        let results = ResultWriter()
        while let texts = try source.nextBatch(limit: 4096) {
            let words = segmenter.words(of: texts, mode: mode)
            if json {
                for (words, ranges) in zip(words, segmenter.ranges(of: texts, mode: mode)) {
                    try results.write("{\"words\":")
                    try results.array(words) { .string($0) }
                    try results.write(",\"offsets\":")
                    try results.array(ranges)
                    try results.line("}")
                }
            } else {
                for words in words {
                    try results.list(words, separator: " ") { $0 }
                    try results.line()
                }
            }
            try results.flush()
        }
        Note.warning(source.tabbed.note)
    }
}

extension WordSegmenter.Mode: ExpressibleByArgument {}
