import Foundation
import InkCorpus
import InkSupport
import Testing

@Suite struct StandardInputCopyTests {
    /// Runs a body with a pipe that holds bytes and is at its end, and an empty folder.
    private func withPipe(_ text: String, _ body: (FileHandle, URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let pipe = Pipe()
        try pipe.fileHandleForWriting.write(contentsOf: Data(text.utf8))
        try pipe.fileHandleForWriting.close()
        try body(pipe.fileHandleForReading, folder)
    }

    private func documents(_ input: DocumentInput, _ folder: URL) throws -> [Document] {
        var documents: [Document] = []
        try input.forEachBatch(
            "read", StageContext(threads: 1, workFolder: folder), makeWorker: {}, transform: { batch, _ in batch },
            consume: { documents += $0.documents })
        return documents
    }

    @Test func documentsAreThoseOfThePipeAsOftenAsRead() throws {
        let input = DocumentInput(files: [.init(nil, format: .lines)], maximumDocumentBytes: 1000)
        try withPipe("一\n\n二\n一") { handle, folder in
            let copy = try input.copyingStandardInput(handle, to: folder)
            #expect(copy.maximumDocumentBytes == 1000)
            for _ in 0..<2 {
                let documents = try documents(copy, folder)
                #expect(documents.map(\.text) == ["一", "二", "一"])
                // As for documents that are read from standard input itself.
                #expect(documents.map(\.id) == ["stdin:1", "stdin:3", "stdin:4"])
                #expect(documents.allSatisfy { $0.source == "stdin" })
            }
        }
    }

    @Test func filesStayAsTheyAre() throws {
        let file = DocumentInput.File(URL(filePath: "/no/such/file.txt"), format: .lines)
        try withPipe("一") { handle, folder in
            let input = DocumentInput(files: [file])
            #expect(try input.copyingStandardInput(handle, to: folder).files == [file])
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
            let both = DocumentInput(files: [file, .init(nil, format: .jsonl)])
            let copy = try both.copyingStandardInput(handle, to: folder)
            #expect(copy.files[0] == file)
            #expect(copy.files[1].format == .jsonl)
            #expect(try WholeFile.read(#require(copy.files[1].url), limit: 100) == Array("一".utf8))
        }
    }

    @Test func anInterruptLeavesNoFile() throws {
        let input = DocumentInput(files: [.init(nil, format: .lines)])
        try withPipe("一\n二\n") { handle, folder in
            let error = try #require(throws: InputError.self) {
                try input.copyingStandardInput(handle, to: folder, isInterrupted: { true })
            }
            #expect(error.kind == .run)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
        }
    }
}
