import InkSupport
import Testing

@Suite("Text from outside in messages")
struct ShownTextTests {
    @Test func longTextEndsInTime() {
        let long = String(repeating: "长", count: 100_000)
        let shown = ShownText.start(of: long, width: 20)
        #expect(shown == String(repeating: "长", count: 9) + "…")
        #expect(DisplayWidth.of(shown) <= 20)
        #expect(ShownText.start(of: "十个字的文本也不超过", width: 20) == "十个字的文本也不超过")
        #expect(ShownText.start(of: "", width: 20) == "")
    }

    /// Of a path with a line number the file's name and the number stay.
    @Test func bothEndsOfALocationStay() {
        let path = "/data/" + String(repeating: "很深的文件夹/", count: 100) + "train.txt:17"
        let shown = ShownText.ends(of: path, width: 60)
        #expect(shown.hasPrefix("/data/") && shown.hasSuffix("train.txt:17") && shown.contains("…"))
        #expect(DisplayWidth.of(shown) <= 60)
        #expect(ShownText.ends(of: "train.txt:17", width: 60) == "train.txt:17")
    }

    /// Escape sequences, carriage returns and marks of direction in data are seen and do nothing.
    @Test func nothingActsOnTheTerminal() {
        let text = "\u{1b}[2J\u{1b}]0;标题\u{7}a\rb\tc\nd\u{9b}e\u{202e}f"
        #expect(
            ShownText.start(of: text, width: 100)
                == #"\u{1b}[2J\u{1b}]0;标题\u{7}a\rb\tc\nd\u{9b}e\u{202e}f"#)
        #expect(ShownText.lines(of: "一\n\u{1b}[31m二") == "一\n" + #"\u{1b}[31m二"#)
        #expect(ShownText.start(of: "家庭👨‍👩‍👧", width: 20) == "家庭👨‍👩‍👧")
    }

    @Test func errorsStayShort() {
        let long = String(repeating: "值", count: 50_000) + "\u{1b}c"
        let error = InputError(at: long, long, expected: long, found: long, remedy: long)
        let lines = error.description.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == 4)
        #expect(lines.allSatisfy { DisplayWidth.of(String($0)) <= 700 })
        #expect(!error.description.contains("\u{1b}"))
        #expect(error.found == long)
    }
}
