import Foundation
import InkSupport
import Testing

@Suite struct LineReaderTests {
    private func lines(_ bytes: [UInt8], maximumLineBytes: Int = 1 << 20) throws -> [String] {
        let file = FileManager.default.temporaryDirectory.appending(path: "ink-\(UUID().uuidString).txt")
        try Data(bytes).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let reader = try LineReader(contentsOf: file, maximumLineBytes: maximumLineBytes)
        var result: [String] = []
        while let line = try reader.next() {
            result.append(line.text)
            #expect(line.number == result.count)
        }
        #expect(try reader.next() == nil)
        return result
    }

    @Test(arguments: [
        ("", []),
        ("\n", [""]),
        ("一\n二", ["一", "二"]),
        ("一\r\n\r\n二\r\n", ["一", "", "二"]),
        ("\u{feff}一\t0\n", ["一\t0"]),
        ("a\u{2028}b\rc\n", ["a\u{2028}b\rc"]),
    ])
    func endsOfLines(text: String, expected: [String]) throws {
        #expect(try lines(Array(text.utf8)) == expected)
    }

    @Test func linesAcrossPieces() throws {
        let expected = (0..<3000).map { String(repeating: "字", count: $0 % 97) + "\($0)" }
        let long = String(repeating: "长", count: 200_000)
        let all = expected + [long, "end"]
        #expect(try lines(Array(all.joined(separator: "\n").utf8)) == all)
    }

    @Test func invalidBytesAreNamedByLine() throws {
        let error = #expect(throws: InputError.self) { try lines(Array("好\n".utf8) + [0xd6, 0xd0, 0x0a]) }
        #expect(error?.location.hasSuffix(".txt:2") == true)
        #expect(error?.found == "bytes d6 d0")
        #expect(error?.remedy?.contains("GB18030") == true)
        let wide = #expect(throws: InputError.self) { try lines([0xff, 0xfe, 0x31, 0x00]) }
        #expect(wide?.problem == "the file is UTF-16, not UTF-8")
    }

    @Test func overlongLinesAreRefused() throws {
        let bytes = [UInt8](repeating: 97, count: 400_000)
        let error = #expect(throws: InputError.self) { try lines(bytes, maximumLineBytes: 1000) }
        #expect(error?.location.hasSuffix(":1") == true)
    }

    @Test func aPipeGivesLinesAtOnce() throws {
        let pipe = Pipe()
        let reader = LineReader(handle: pipe.fileHandleForReading)
        try pipe.fileHandleForWriting.write(contentsOf: Data("一\n二".utf8))
        #expect(try reader.next()?.text == "一")
        try pipe.fileHandleForWriting.write(contentsOf: Data("三\n".utf8))
        #expect(try reader.next()?.text == "二三")
        try pipe.fileHandleForWriting.close()
        #expect(try reader.next() == nil)
    }
}
