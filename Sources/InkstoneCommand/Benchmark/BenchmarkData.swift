import Foundation
import InkSupport
import InkTasks
import InkText

/// The files a benchmark works on: the caller's, or the sample titles and a vocabulary of the usual size.
final class BenchmarkData {
    let titles: String
    let vocabulary: String
    private let folder: URL

    /// Tokens of the published Chinese vocabulary; the size decides what the embedding and its optimizer cost.
    private static let usualVocabularySize = 21_128

    /// - Throws: `InputError` when the temporary files cannot be written.
    init(titles: String?, vocabulary: String?) throws {
        folder = FileManager.default.temporaryDirectory.appending(
            path: "inkstone-bench-\(ProcessInfo.processInfo.processIdentifier)", directoryHint: .isDirectory)
        self.titles = titles ?? folder.appending(path: "titles.txt").path
        self.vocabulary = vocabulary ?? folder.appending(path: "vocab.txt").path
        guard titles == nil || vocabulary == nil else { return }
        try SystemError.makeFolder(folder)
        if titles == nil { try AtomicFile.write(SampleTitles.tsv(.train), to: folder.appending(path: "titles.txt")) }
        if vocabulary == nil { try Self.writeVocabulary(to: folder.appending(path: "vocab.txt")) }
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    private static func writeVocabulary(to file: URL) throws {
        let special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
        let texts = SampleTitles.Split.allCases.flatMap { SampleTitles.rows($0).map { $0.text.lowercased() } }
        let letters = (UInt8(ascii: "a")...UInt8(ascii: "z")).map { String(UnicodeScalar($0)) }
        let characters = Set(texts.flatMap { $0.unicodeScalars.map(String.init) } + letters)
            .filter { $0.contains { !$0.isWhitespace } }.sorted()
        let pieces = characters.map { "##" + $0 }
        let known = special + characters + pieces
        let filling = (0..<max(0, usualVocabularySize - known.count)).map { "[unused\($0)]" }
        try Vocabulary(tokens: known + filling).write(to: file)
    }
}
