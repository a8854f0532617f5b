import ArgumentParser
import Foundation
import InkSupport
import InkTasks

/// Texts given as arguments, or else one a line on standard input.
struct TextArguments: ParsableArguments {
    @Argument(help: ArgumentHelp("Texts; without any, lines of standard input.", valueName: "text"))
    var texts: [String] = []

    func source() -> TextSource { TextSource(texts) }
}

/// Hands out texts in batches: all that is there at the moment, so that a slow writer gets its answers at once and a
/// quick one is served in large batches. Memory stays bounded.
final class TextSource {
    private var given: ArraySlice<String>
    private let reader: UnlabelledTextReader?

    /// - Parameter texts: read from standard input when empty.
    init(_ texts: [String]) {
        given = texts[...]
        reader = texts.isEmpty ? UnlabelledTextReader() : nil
        if reader != nil, isatty(STDIN_FILENO) == 1 {
            Note.write("one text a line; Ctrl-D ends")
        }
    }

    /// The next texts, at most `limit`; nil at the end.
    /// - Throws: `InputError` naming the line that is no UTF-8.
    func nextBatch(limit: Int) throws -> [String]? {
        guard let reader else {
            let batch = Array(given.prefix(limit))
            given = given.dropFirst(batch.count)
            return batch.isEmpty ? nil : batch
        }
        guard let first = try reader.next() else { return nil }
        var batch = [first.text]
        while batch.count < limit, reader.hasBufferedText || Self.inputIsReady(), let next = try reader.next() {
            batch.append(next.text)
        }
        return batch
    }

    /// Whether reading standard input would not wait.
    private static func inputIsReady() -> Bool {
        var request = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        return poll(&request, 1, 0) > 0
    }
}
