import Foundation
import InkCorpus
import InkSupport

/// A whole-corpus stage, run over documents of a test, with all that it gave.
struct CorpusStageRun {
    let kept: [Document]
    let rejected: [RejectedDocument]
    let report: StageReport

    init(
        _ stage: any CorpusStage, _ documents: [Document], threads: Int = 2, memoryLimit: Int = 256 << 20
    ) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        let work = folder.appending(path: "work")
        try FileManager.default.createDirectory(at: work, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "corpus.jsonl")
        var bytes: [UInt8] = []
        for document in documents { DocumentFormat.jsonl.append(document, to: &bytes) }
        try Data(bytes).write(to: file)
        let sink = MemorySink()
        report = try stage.run(
            DocumentInput(files: [.init(file, format: .jsonl)]), sink,
            StageContext(threads: threads, workFolder: work, memoryLimit: memoryLimit))
        rejected = sink.rejected
        let written = folder.appending(path: "kept.jsonl")
        try Data(sink.bytes).write(to: written)
        var kept: [Document] = []
        try DocumentInput(files: [.init(written, format: .jsonl)]).forEachBatch(
            "read back", StageContext(threads: 1, workFolder: work), makeWorker: {}, transform: { batch, _ in batch },
            consume: { kept += $0.documents })
        self.kept = kept
    }

    /// The ids of the documents that stayed.
    var ids: [String] { kept.map(\.id) }

    private final class MemorySink: DocumentSink {
        let format = DocumentFormat.jsonl
        var bytes: [UInt8] = []
        var rejected: [RejectedDocument] = []

        func write(_ encoded: [UInt8], count: Int) throws { bytes += encoded }
        func reject(_ documents: [RejectedDocument]) throws { rejected += documents }
    }
}

/// Text without meaning, the same in every run.
struct TextMaker {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func number(below limit: Int) -> Int {
        state = Hash64.mix(state &+ 0x9E37_79B9_7F4A_7C15)
        return Int(state % UInt64(limit))
    }

    /// Ideographs without a mark.
    mutating func characters(_ count: Int) -> String {
        String(String.UnicodeScalarView((0..<count).compactMap { _ in Unicode.Scalar(0x4E00 + number(below: 6000)) }))
    }

    /// Replaces some characters of a text by others.
    mutating func changed(_ text: String, places: Int) -> String {
        var scalars = Array(text.unicodeScalars)
        for _ in 0..<places {
            scalars[number(below: scalars.count)] = Unicode.Scalar(UInt16(0x6000 + number(below: 4000))) ?? "一"
        }
        return String(String.UnicodeScalarView(scalars))
    }
}
