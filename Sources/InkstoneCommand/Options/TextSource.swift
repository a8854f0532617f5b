import ArgumentParser
import Foundation
import InkSupport
import InkTasks

/// Texts given as arguments, or else one a line in a file or on standard input.
struct TextArguments: ParsableArguments {
    @Argument(help: ArgumentHelp("Texts; without any, lines of --input or of standard input.", valueName: "text"))
    var texts: [String] = []

    @Option(name: [.long, .short], help: ArgumentHelp("Texts, one a line; - for standard input.", valueName: "file"))
    var input: String?

    func validate() throws {
        guard input == nil || texts.isEmpty else {
            throw ValidationError("--input contradicts texts on the command line; give one of them")
        }
    }

    /// Hands the texts out; a file is opened when its first line is wanted.
    func source() -> TextSource {
        if texts.count == 1, !URL(filePath: texts[0]).isFolder, URL(filePath: texts[0]).exists {
            Note.write(
                "warning: \(texts[0]) is read as a text, and there is a file of that name: --input \(texts[0]) reads its "
                    + "lines")
        }
        return TextSource(texts, file: input == "-" ? nil : input.map { URL(filePath: $0) })
    }
}

/// Hands out texts in batches: all that is there at the moment, so that a slow writer gets its answers at once and a
/// quick one is served in large batches. Memory stays bounded.
final class TextSource {
    private var given: ArraySlice<String>
    private let file: URL?
    private var reader: UnlabelledTextReader?
    /// Texts of earlier batches, and of the last one.
    private var passed = (before: 0, last: 0)
    /// What stopped the reading behind texts that are still to be answered.
    private var failure: (any Error)?
    /// Texts with a tab so far: for verbs that take one text a line.
    private(set) var tabbed = TabbedTexts()
    /// A batch ends behind the text that brings it here, so that a few long lines do not add up.
    private static let batchBytes = 1 << 20

    /// - Parameters:
    ///   - texts: where there are none, lines are read.
    ///   - file: the file that has them; nil for standard input.
    init(_ texts: [String], file: URL? = nil) {
        given = texts[...]
        self.file = file
        reader = texts.isEmpty && file == nil ? UnlabelledTextReader() : nil
        if reader != nil, isatty(STDIN_FILENO) == 1 {
            Note.write("one text a line; Ctrl-D ends")
        }
    }

    /// The next texts, at most `limit`; nil at the end.
    /// - Throws: `InputError` when the file cannot be read, or naming the line that is no UTF-8 or too long, once the
    ///   texts before it were given.
    func nextBatch(limit: Int) throws -> [String]? {
        let batch = try readBatch(limit: limit)
        passed = (passed.before + passed.last, batch.count)
        for (index, text) in batch.enumerated() { tabbed.look(at: text, place: place(of: index)) }
        return batch.isEmpty ? nil : batch
    }

    /// Where a text of the last batch stands, for messages: `titles.txt:7`, or `text 7` of the arguments.
    func place(of index: Int) -> String {
        let number = passed.before + index + 1
        return reader.map { "\($0.name):\(number)" } ?? "text \(number)"
    }

    private func readBatch(limit: Int) throws -> [String] {
        if reader == nil, let file { reader = try UnlabelledTextReader(contentsOf: file, format: .plain) }
        guard let reader else {
            let batch = Array(given.prefix(limit))
            given = given.dropFirst(batch.count)
            return batch
        }
        if let failure { throw failure }
        guard let first = try reader.next() else { return [] }
        var batch = [first.text]
        var bytes = first.text.utf8.count
        do {
            while batch.count < limit, bytes < Self.batchBytes,
                file != nil || reader.hasBufferedText || Self.inputIsReady(), let next = try reader.next()
            {
                batch.append(next.text)
                bytes += next.text.utf8.count
            }
        } catch {
            failure = error
        }
        return batch
    }

    /// Whether reading standard input would not wait.
    private static func inputIsReady() -> Bool {
        var request = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        return poll(&request, 1, 0) > 0
    }
}
