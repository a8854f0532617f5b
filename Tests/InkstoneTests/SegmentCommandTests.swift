import Foundation
import InkTestSupport
import Testing

@Suite("inkstone segment")
struct SegmentCommandTests {
    private static let dictionary = "山水 30 n\n山 40\n水 40\n画 50\n看 60\n好看 35\n好 45\n"

    @Test func wordsAndOffsets() throws {
        try withTemporaryFolder { folder in
            let file = folder.appending(path: "dict.txt")
            try Self.dictionary.write(to: file, atomically: true, encoding: .utf8)
            let plain = try Program.run("segment", "--dict", file.path, "山水画好看", "")
            #expect(plain.code == 0, "\(plain.errors)")
            #expect(plain.lines == ["山水 画 好看", ""])
            let json = try Program.run("segment", "--dict", file.path, "--json", input: "看山水\n")
            #expect(json.lines == [#"{"words":["看","山水"],"offsets":[[0,1],[1,3]]}"#])
            let full = try Program.run("segment", "--dict", file.path, "--mode", "full", "好看山水")
            #expect(full.lines == ["好看 山水"])

            let user = folder.appending(path: "user.txt")
            try "山水画\n".write(to: user, atomically: true, encoding: .utf8)
            let saved = folder.appending(path: "saved.txt")
            let with = try Program.run(
                "segment", "--dict", file.path, "--user-dict", user.path, "--save-dict", saved.path, "--hmm", "on",
                "山水画好看")
            #expect(with.lines == ["山水画 好看"], "\(with.errors)")
            #expect(try String(contentsOf: saved, encoding: .utf8).hasPrefix(Self.dictionary + "山水画 "))
        }
    }

    @Test func errorsNameOptionOrLine() throws {
        try withTemporaryFolder { folder in
            let none = try Program.run("segment", "山水")
            #expect(none.code == 2)
            #expect(none.errors.hasPrefix("error: --dict: no dictionary"))
            let file = folder.appending(path: "dict.txt")
            try "山水\n".write(to: file, atomically: true, encoding: .utf8)
            let broken = try Program.run("segment", "--dict", file.path, "山水")
            #expect(broken.code == 3)
            #expect(broken.errors.contains("dict.txt:1: not an entry of a dictionary"))
        }
    }
}
