import Foundation
import InkCorpus
import InkSupport
import Testing

@Suite struct DocumentInputTests {
    typealias Reading = (documents: [Document], problems: StageTally, unreadable: [RejectedDocument])

    /// Writes the bytes to a file of this name in a new folder and reads it.
    static func read(
        _ bytes: [UInt8], name: String, format: DocumentFormat? = nil, threads: Int = 2, limit: Int = 16 << 20
    ) throws -> Reading {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let url = folder.appending(path: name)
        try Data(bytes).write(to: url)
        let input = DocumentInput(files: [.init(url, format: format ?? .of(url))], maximumDocumentBytes: limit)
        var documents: [Document] = []
        var problems = StageTally()
        var unreadable: [RejectedDocument] = []
        try input.forEachBatch(
            "read", StageContext(threads: threads, workFolder: folder), makeWorker: { () },
            transform: { batch, _ in batch }
        ) { batch in
            documents += batch.documents
            problems.merge(batch.problems)
            unreadable += batch.unreadable
        }
        return (documents, problems, unreadable)
    }

    private func read(
        _ bytes: [UInt8], name: String, format: DocumentFormat? = nil, threads: Int = 2, limit: Int = 16 << 20
    ) throws -> Reading {
        try Self.read(bytes, name: name, format: format, threads: threads, limit: limit)
    }

    @Test func linesAreDocuments() throws {
        let (documents, problems, _) = try read(Array("\u{FEFF}一\r\n\n 二 \n三".utf8), name: "a.b.txt")
        #expect(documents.map(\.text) == ["一", "二", "三"])
        #expect(documents.map(\.id) == ["a.b.txt:1", "a.b.txt:3", "a.b.txt:4"])
        #expect(documents.map(\.source) == ["a.b", "a.b", "a.b"])
        #expect(problems == StageTally())
    }

    @Test func emptyLinesSeparateParagraphs() throws {
        let text = "\n一\n二\r\n\r\n\n三\n\n四"
        let (documents, _, _) = try read(Array(text.utf8), name: "a.txt", format: .paragraphs)
        #expect(documents.map(\.text) == ["一\n二", "三", "四"])
        #expect(documents.map(\.id) == ["a.txt:2", "a.txt:6", "a.txt:8"])
    }

    @Test func recordsKeepTheirFields() throws {
        let text = #"""
            {"id": 7, "text": "第一\n行", "source": "新闻", "meta": {"年": 2020}, "url": "a"}
            {"text": "无名"}
            """#
        let (documents, _, _) = try read(Array(text.utf8), name: "a.jsonl")
        #expect(documents[0].id == "7")
        #expect(documents[0].text == "第一\n行")
        #expect(documents[0].source == "新闻")
        #expect(documents[0].meta.names == ["年", "url"])
        #expect(documents[1].id == "a.jsonl:2")
        var written: [UInt8] = []
        for document in documents { DocumentFormat.jsonl.append(document, to: &written) }
        #expect(try read(written, name: "a.jsonl").documents == documents)
    }

    /// Escapes, pairs, fields in any order and of any kind, spaces: as the JSON parser reads them.
    @Test(arguments: [
        #"{"text":"\\ \" \/ \b\f\n\r\t 中 \ud83d\ude00 \u0000"}"#,
        #" { "b" : [1, {"x": "]"}] , "text" : "" , "c":null} "#,
        #"{"meta": {"b": 1}, "b": 2, "text": "a", "id": 5}"#, #"{"text": "a", "text": "b"}"#, #"{"text": "\ud83d"}"#,
        #"{"text": "a"} x"#, #"{"text": "a", "meta": 3}"#, #"{"text": "a", "b": tru}"#, #"{"text": "\x"}"#,
    ])
    func recordsAreReadAsTheParserReadsThem(line: String) throws {
        let (all, _, unreadable) = try read(Array("\(line)\n{\"text\":\"后\"}".utf8), name: "a.jsonl")
        let documents = all.dropLast()
        guard case .object(let object) = try? JSONValue(parsing: line, location: "") else {
            #expect(documents.isEmpty && unreadable.count == 1)
            return
        }
        if let meta = object["meta"], JSONObject(meta) == nil {
            #expect(documents.isEmpty && unreadable.count == 1)
            return
        }
        #expect(documents.map { JSONValue.string($0.text) } == [object["text"]])
        for name in object.names where !["text", "id", "meta"].contains(name) {
            let inner = object["meta"].flatMap { JSONObject($0) }?[name]
            #expect(documents.first?.meta[name] == inner ?? object[name])
        }
    }

    @Test func badRecordsAreCountedAndNamed() throws {
        let lines = [#"{"text": "好"}"#, "{\"text\": ", "[1]", #"{"body": "x"}"#, #"{"text": 3}"#]
        let (documents, problems, unreadable) = try read(
            Array(lines.joined(separator: "\n").utf8), name: "a.jsonl")
        #expect(documents.count == 1)
        #expect(problems.rules["unreadable-record"]?.documents == 4)
        #expect(unreadable.map(\.document.id) == ["a.jsonl:2", "a.jsonl:3", "a.jsonl:4", "a.jsonl:5"])
        #expect(unreadable[2].detail?.contains("body") == true)
    }

    @Test func invalidBytesAreReplacedAndCounted() throws {
        let (documents, problems, _) = try read([0xE4, 0xB8, 10] + Array("好".utf8), name: "a.txt")
        #expect(documents.map(\.text) == ["\u{FFFD}", "好"])
        #expect(problems.rules["invalid-utf8"]?.documents == 1)
    }

    @Test func documentsOverTheLimitAreSkipped() throws {
        let long = [UInt8](repeating: 97, count: 3 << 20)
        let bytes = Array("前\n".utf8) + long + Array("\n后\n".utf8) + long
        let (documents, problems, unreadable) = try read(bytes, name: "a.txt", limit: 1 << 20)
        #expect(documents.map(\.text) == ["前", "后"])
        #expect(documents.map(\.id) == ["a.txt:1", "a.txt:3"])
        #expect(problems.rules["oversized"]?.documents == 2)
        #expect(unreadable.map(\.document.id) == ["a.txt:2", "a.txt:4"])
    }

    @Test func manyBlocksKeepTheirOrder() throws {
        let lines = (0..<60_000).map { "第\($0)行：" + String(repeating: "文", count: $0 % 40) }
        let bytes = Array(lines.joined(separator: "\n").utf8)
        for threads in [1, 3] {
            let (documents, _, _) = try read(bytes, name: "a.txt", threads: threads)
            #expect(documents.map(\.text) == lines)
            #expect(documents.last?.id == "a.txt:60000")
        }
    }

    @Test func emptyFilesHaveNoDocuments() throws {
        #expect(try read([], name: "a.txt").documents.isEmpty)
    }

    @Test(arguments: [("gzip", "gz"), ("xz", "xz")])
    func archivesAreReadAndCutOffOnesNamed(program: String, ending: String) throws {
        let path = ["/usr/bin/", "/bin/", "/opt/homebrew/bin/"].map { $0 + program }.first(
            where: FileManager.default.isExecutableFile)
        guard let path else { return }
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let text = (0..<5000).map { "\($0 &* 7919)号文档" }.joined(separator: "\n")
        try Data(text.utf8).write(to: folder.appending(path: "a.txt"))
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = [folder.appending(path: "a.txt").path]
        try process.run()
        process.waitUntilExit()
        let packed = Array(try Data(contentsOf: folder.appending(path: "a.txt.\(ending)")))
        #expect(try read(packed, name: "a.txt.\(ending)").documents.count == 5000)
        let error = #expect(throws: InputError.self) { try read(packed.dropLast(20), name: "a.txt.\(ending)") }
        #expect(error?.problem == "the archive is cut off or damaged")
    }
}

extension DocumentInputTests {
    private func read(_ bytes: ArraySlice<UInt8>, name: String) throws -> [Document] {
        try read(Array(bytes), name: name).documents
    }
}
