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

    @Test func wordsThatAreNeverFoundAreTold() throws {
        try withTemporaryFolder { folder in
            let file = folder.appending(path: "dict.txt")
            try (Self.dictionary + "山·水 9\n").write(to: file, atomically: true, encoding: .utf8)
            let user = folder.appending(path: "user.txt")
            try "看画\n【画】\n画＋ 3 n\n".write(to: user, atomically: true, encoding: .utf8)
            let outcome = try Program.run("segment", "--dict", file.path, "--user-dict", user.path, "看【画】山·水")
            #expect(outcome.code == 0)
            #expect(outcome.lines == ["看 【 画 】 山 · 水"])
            #expect(outcome.errors.contains("dict.txt: 1 word holds a character"))
            #expect(outcome.errors.contains("the first in line 8: \"山·水\""))
            #expect(outcome.errors.contains("user.txt: 2 words hold a character"))
            #expect(outcome.errors.contains("are never found, the first in line 2: \"【画】\", for its \"【\""))
            // Words that are learned from text can be as much out of reach.
            let text = folder.appending(path: "text.txt")
            // Letters that stand together forty times, among others that stand with all alike.
            let letters = ["山", "水", "看", "好", "画", "云", "松", "石"]
            let rare = (0..<40).map { "\(letters[$0 % 4])𪚥龍\(letters[4 + $0 / 4 % 4])。" }
            let common = (0..<256).map {
                "\(letters[$0 % 8])\(letters[$0 / 8 % 8])，\(letters[$0 * 3 % 8])\(letters[$0 * 5 / 3 % 8])。"
            }
            let lines = rare + common
            try lines.joined(separator: "\n").write(to: text, atomically: true, encoding: .utf8)
            let learned = try Program.run("segment", "--lexicon", text.path, "山𪚥龍画")
            #expect(learned.lines == ["山 𪚥 龍 画"])
            #expect(learned.errors.contains("text.txt: 1 word holds a character"), "\(learned.errors)")
        }
    }

    @Test func aTabIsToldAndStaysInTheText() throws {
        try withTemporaryFolder { folder in
            let file = folder.appending(path: "dict.txt")
            try Self.dictionary.write(to: file, atomically: true, encoding: .utf8)
            let outcome = try Program.run("segment", "--dict", file.path, input: "山水\n好看\t1\n")
            #expect(outcome.code == 0)
            #expect(outcome.lines == ["山水", "好看 \t 1"])
            #expect(outcome.errors.contains("1 of 2 texts holds a tab") && outcome.errors.contains("standard input:2"))
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
