import Foundation
import InkCorpus
import InkSupport
import Testing

/// Input that is not what it should be is named, or counted; it is never taken for text that it is not.
@Suite struct BadInputTests {
    private func read(_ bytes: [UInt8], name: String, limit: Int = 16 << 20) throws -> DocumentInputTests.Reading {
        try DocumentInputTests.read(bytes, name: name, limit: limit)
    }

    @Test(
        arguments: [
            ("a.txt", [0xFF, 0xFE, 0x2D, 0x4E, 10, 0], "text in UTF-16"),
            ("a.txt", [0xFE, 0xFF, 0x4E, 0x2D, 0, 10], "text in UTF-16"),
            ("a.jsonl", [0xFF, 0xFE, 0, 0, 0x2D, 0x4E, 0, 0], "text in UTF-32"),
            ("a.txt", [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3], "gzip data"),
            ("a.txt", [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0, 0, 4], "xz data"),
            ("a.txt", [0x28, 0xB5, 0x2F, 0xFD, 4, 0], "zstd data"),
            ("a.txt", [0x50, 0x4B, 3, 4, 20, 0], "a zip archive"),
            ("a.jsonl", [0x42, 0x5A, 0x68, 0x39, 0x31], "bzip2 data"),
            ("a.txt", [0x1F], nil), ("a.txt", [0xFF], nil),
        ] as [(String, [UInt8], String?)])
    func filesThatAreNoTextAreNamed(name: String, bytes: [UInt8], found: String?) throws {
        guard let found else {
            #expect(try read(bytes, name: name).documents.count == 1)
            return
        }
        let error = #expect(throws: InputError.self) { try read(bytes, name: name) }
        #expect(error?.kind == .data)
        #expect(error?.location.hasSuffix(name) == true)
        #expect(error?.found == found)
        #expect(error?.remedy != nil)
    }

    @Test(arguments: ["gz", "xz", "zst"])
    func archivesThatAreNoneAreNamed(ending: String) throws {
        let program = ["gz": "gzip", "xz": "xz", "zst": "zstd"][ending] ?? ""
        guard ["/usr/bin/", "/bin/"].contains(where: { FileManager.default.isExecutableFile(atPath: $0 + program) })
        else { return }
        let empty = #expect(throws: InputError.self) { try read([], name: "a.txt.\(ending)") }
        #expect(empty?.found == "0 bytes")
        let text = #expect(throws: InputError.self) { try read(Array("只是文字，没有压缩\n".utf8), name: "a.txt.\(ending)") }
        #expect(text?.problem == "is no .\(ending) file")
        let other: [UInt8] = ending == "xz" ? [0x1F, 0x8B, 8, 0, 0, 0, 0] : [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0, 0]
        let wrong = #expect(throws: InputError.self) { try read(other, name: "a.txt.\(ending)") }
        #expect(wrong?.found == (ending == "xz" ? "gzip data" : "xz data"))
    }

    /// The limit holds to the byte, whatever stands around a document.
    @Test func theLimitOfADocumentIsExact() throws {
        let limit = 2000
        let lengths = [1999, 5, 2000, 2001, 1_100_000, 7, 2001, 1, 2_500_000]
        var bytes: [UInt8] = []
        for length in lengths { bytes += [UInt8](repeating: 97, count: length) + [10] }
        let reading = try read(bytes, name: "a.txt", limit: limit)
        #expect(reading.documents.map(\.utf8.count) == lengths.filter { $0 <= limit })
        #expect(reading.unreadable.map(\.document.id) == ["a.txt:4", "a.txt:5", "a.txt:7", "a.txt:9"])
        #expect(reading.unreadable.allSatisfy { $0.rule == "oversized" && $0.detail?.contains("2000 bytes") == true })
        #expect(reading.problems.rules["oversized"]?.documents == 4)
    }

    @Test func hostileRecordsAreCountedAndNamed() throws {
        let bad = [
            String(repeating: "[", count: 100_000), String(repeating: #"{"a":"#, count: 50_000),
            #"{"text":"深","x":"# + String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)
                + "}",
            #"{"text":"一","text":"二"}"#, #"{"text":"\ud83d"}"#, #"{"text":"\udc00 x"}"#, #"{"text":null}"#,
            #"{"text":["一"]}"#, "null", "3", #""一""#, "{}", #"{"text":"一","id":["x"]}"#, #"{"text":"一"} {}"#,
        ]
        let good = [#"{"text":"\u0000 好","新":1e400}"#, #"{"text":"好","id":12345678901234567890123}"#]
        let reading = try read(Array((bad + good).joined(separator: "\r\n").utf8), name: "a.jsonl")
        #expect(reading.documents.map(\.id) == ["a.jsonl:15", "12345678901234567890123"])
        #expect(reading.documents[0].meta["新"] == .number("1e400"))
        #expect(reading.unreadable.map(\.document.id) == (1...bad.count).map { "a.jsonl:\($0)" })
        #expect(reading.unreadable.allSatisfy { $0.rule == "unreadable-record" && $0.detail?.isEmpty == false })
        #expect(reading.unreadable[6].detail?.hasSuffix("found null") == true)
    }

    @Test func mostlyBrokenTextIsSuspected() throws {
        let shop = try PipelineWorkshop(lines: ["好的一行"])
        // 中文 in GB 18030.
        try shop.write("in.txt", Array(repeating: [0xD6, 0xD0, 0xCE, 0xC4, 10], count: 9).flatMap { $0 })
        let outcome = try PipelineRun(shop.plan(#"["clean"]"#)).run()
        #expect(outcome.reports[0].warnings.first?.contains("9 of 9 documents") == true)
        #expect(outcome.reports[0].warnings.first?.contains("GB18030") == true)
    }

    @Test func aFileIsReadOnceOnly() throws {
        let shop = try PipelineWorkshop(lines: ["一行"])
        let error = #expect(throws: InputError.self) { try shop.plan(#"["clean"]"#, input: #"["in.txt", "."]"#) }
        #expect(error?.problem == "the file is in the input twice")
        let link = shop.folder.appending(path: "link.txt")
        try FileManager.default.createSymbolicLink(at: link, withDestinationURL: shop.corpus)
        let linked = #expect(throws: InputError.self) { try shop.plan(#"["clean"]"#, input: #""..""#) }
        #expect(linked?.kind == .usage)
    }

    /// A link to a folder above does not lead the walk in circles.
    @Test func foldersInCirclesEnd() throws {
        let shop = try PipelineWorkshop(lines: ["一行"])
        try FileManager.default.createSymbolicLink(
            at: shop.folder.appending(path: "again"), withDestinationURL: shop.folder)
        let files = try InputFiles.find([shop.folder.path])
        #expect(files.map { $0.url?.lastPathComponent } == ["in.txt"])
    }

    @Test func outputsAreKeptApartFromInputs() throws {
        let shop = try PipelineWorkshop(lines: ["一行"])
        let input = DocumentInput(files: try InputFiles.find([shop.corpus.path]))
        let (other, link) = (shop.folder.appending(path: "b.txt"), shop.folder.appending(path: "hard.txt"))
        try FilePurpose.requireApart(input, outputs: [other, shop.folder.appending(path: "c.txt")])
        try FileManager.default.linkItem(at: shop.corpus, to: link)
        for outputs in [[shop.corpus], [other, link], [other, other]] {
            let error = #expect(throws: InputError.self) { try FilePurpose.requireApart(input, outputs: outputs) }
            #expect(error?.kind == .usage)
        }
        for output in [".", "./in/../deep/out"] {
            let error = #expect(throws: InputError.self) {
                try shop.plan(#"["clean"]"#, input: #"["."]"#, output: output)
            }
            #expect(error?.problem.contains("output folder lies in a folder of the input") == true)
        }
    }

    @Test func pipesAreNotReadTwice() throws {
        let shop = try PipelineWorkshop(lines: ["一行"])
        let pipe = shop.folder.appending(path: "pipe.txt")
        #expect(mkfifo(pipe.path, 0o600) == 0)
        let input = DocumentInput(files: try InputFiles.find([pipe.path]))
        let stage = try StageKind.named("dedup", at: "").make(StageSettings(location: ""))
        let context = StageContext(workFolder: shop.folder.appending(path: "work"))
        let error = #expect(throws: InputError.self) { try StageRun.run(stage, input, DiscardingSink(), context) }
        #expect(error?.found == pipe.path)
        for name in ["pipe.txt", "-"] {
            #expect(throws: InputError.self) { try shop.plan(#"["clean"]"#, input: "\"\(name)\"") }
        }
    }
}
