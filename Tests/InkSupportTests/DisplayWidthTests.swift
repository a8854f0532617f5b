import InkSupport
import Testing

@Suite struct DisplayWidthTests {
    @Test(arguments: [
        ("", 0), ("abc", 3), ("汉字", 4), ("ｆｕｌｌ", 8), ("ﾊﾝｶｸ", 4), ("，。", 4), ("“”", 2), ("…", 1), ("é", 1),
        ("e\u{301}", 1), ("한국", 4), ("\u{1112}\u{1161}\u{11ab}", 2), ("あい", 4), ("𠀀", 2), ("😀", 2),
        ("👩‍👩‍👧", 2), ("👍🏽", 2), ("🇨🇳", 2), ("❤️", 2), ("1️⃣", 2), ("a\u{200b}b", 2), ("\u{7}", 0), ("ก็", 1),
        ("①", 1), ("㊀", 2), ("〇", 2), ("—", 1), ("￥", 2), ("￦", 2), ("½", 1), ("Я", 1), ("α", 1),
    ])
    func columns(text: String, width: Int) {
        #expect(DisplayWidth.of(text) == width)
    }

    @Test func padding() {
        #expect("财经".padded(to: 6) == "财经  ")
        #expect("财经".padded(to: 6, trailing: true) == "  财经")
        #expect("财经".padded(to: 3) == "财经")
    }

    @Test func truncation() {
        #expect(DisplayWidth.truncate("国足冲出亚洲", to: 12) == "国足冲出亚洲")
        #expect(DisplayWidth.truncate("国足冲出亚洲", to: 8) == "国足冲…")
        #expect(DisplayWidth.truncate("国足", to: 1) == "…")
        #expect(DisplayWidth.truncate("国足", to: 0) == "")
    }

    @Test func tablesLineUp() {
        var table = TextTable(header: ["类别", "count"], alignments: [.left, .right])
        table.append(["财经", "12"])
        table.append(["stocks", "3"])
        table.append(["游戏"])
        #expect(
            table.text == """
                类别    count
                财经       12
                stocks      3
                游戏

                """)
        #expect(TextTable().text == "")
    }
}
