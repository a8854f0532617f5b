import InkCorpus
import InkSupport
import Testing

/// Cleans one text with the rules named.
func cleaned(_ text: String, _ rules: String..., change: (inout CleanSettings) -> Void = { _ in }) throws -> String {
    var settings = CleanSettings(preset: .glam)
    settings.rules = Set(rules)
    change(&settings)
    var document = Document(text: text, id: "1")
    var tally = StageTally()
    _ = try CleanStage(settings).makeWorker().process(&document, &tally)
    return document.text
}

@Suite struct CleanRuleTests {
    @Test(arguments: [
        ("<p>第一段</p><p class=\"a>b\">第二段<b>粗</b></p>", "\n第一段\n\n第二段粗\n"),
        ("前<!-- 注释 <b> -->后", "前后"), ("<SCRIPT>if (a < b) {}</script >文", "\n文"),
        ("<style type='x'>p{}</style>文", "\n文"), ("<!DOCTYPE html>文<br/>字", "文\n字"), ("<td>一</td>", " 一 "),
        ("&lt;&#20013;&#x6587;&amp;nbsp;&hellip;", "<中文 …"), ("&forall;&Omega;&piv;&lbrack;", "∀Ωϖ["),
        ("&amp;amp;lt;", "<"), ("&eacute;&yuml;", "éÿ"),
        ("<a href=\"x\">链接</a>", "链接"), ("<?xml version=\"1.0\"?>文", "文"),
        ("文<imgsrc=\"1\"/>字<ahref='x'>链</a>", "文字链"),
    ])
    func markupGoes(_ text: String, _ expected: String) throws { #expect(try cleaned(text, "html") == expected) }

    @Test(arguments: [
        "3 < 5 而 7 > 6", "List<String> 是类型", "a && b;", "我<3你", "<b 没有结束", "&unknown; &#0; &#xD800; &#; &amp",
        "<b <i", "<nsrc=\"a\">", "<imgs=\"a\">", "《书名》〈篇〉", "x <- 3", "<!-- 没有结束", "<p title=\"不成对>", "R&D;",
    ])
    func whatIsNoMarkupStays(_ text: String) throws { #expect(try cleaned(text, "html") == text) }

    @Test(arguments: [
        ("见https://example.com/a?b=1&c=2。下文", "见。下文"), ("（www.example.com）", "（）"), ("ftp://a.cn/文", "文"),
        ("看http://例子", "看http://例子"), ("See http://a.org/x. Then", "See . Then"), ("awww.com", "awww.com"),
        ("[文](http://a.cn/b_(c))", "[文]()"), ("时间12:30//注", "时间12:30//注"), ("www.", "www."), ("(HTTP://A.CN)", "()"),
    ])
    func addresses(_ text: String, _ expected: String) throws { #expect(try cleaned(text, "urls") == expected) }

    @Test(arguments: [
        ("联系a.b+c@mail.example.com.cn，谢谢", "联系，谢谢"), ("@某人 你好", "@某人 你好"), ("a@b", "a@b"), ("a@b.1", "a@b.1"),
        ("x@y.com@z.org", "@z.org"), ("邮箱@qq.com", "邮箱@qq.com"), ("a@b.cn1", "1"),
        ("调用 malloc@got.plt", "调用 malloc@got.plt"),
        ("@a@b.example 与 git@c.com 与 x@y.INFO", "@a@b.example 与 git@c.com 与 "),
    ])
    func mail(_ text: String, _ expected: String) throws { #expect(try cleaned(text, "emails") == expected) }

    @Test(arguments: [
        ("好😀的👨‍👩‍👧", "好的"), ("❤️爱", "爱"), ("🇨🇳1️⃣", "1"), ("👍🏽", ""), ("⭐⌚", ""), ("★♪→①㊙©", "★♪→①㊙©"), ("𠮷野", "𠮷野"),
        ("“……”", "“……”"),
    ])
    func emoji(_ text: String, _ expected: String) throws { #expect(try cleaned(text, "emoji") == expected) }

    @Test(arguments: [
        ("一\u{0}\u{7}\u{7F}\u{85}二", "一\n二"), ("\u{FEFF}文\u{200B}字\u{FFFD}\u{E000}\u{AD}", "文字"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\u{A0}b\u{2003}c\u{2028}d", "a b c\nd"), ("\u{378}x\u{10FFFF}", "x"), ("\t正常　文本—“é”𠮷\n", "\t正常　文本—“é”𠮷\n"),
    ])
    func characters(_ text: String, _ expected: String) throws {
        #expect(try cleaned(text, "characters") == expected)
    }

    @Test func widths() throws {
        let text = "ＡＢｃ１２３，。！？　（％）"
        #expect(try cleaned(text, "width") == "ABc123，。！？ （％）")
        #expect(try cleaned(text, "width") { $0.widthPunctuation = true } == "ABc123,。!? (%)")
        #expect(try cleaned("ﾊﾝ～ﬁ", "width") == "ﾊﾝ～ﬁ")
        #expect(try cleaned("６．４％的Ａ－１２，甲－乙．１／２，1－2", "width") == "6.4%的A-12，甲－乙．1/2，1-2")
        #expect(try cleaned("％；３．；．３；Ｒ＆Ｄ", "width") == "％；3．；．3；R&D")
    }

    @Test func lowerCaseLeavesMasks() throws {
        #expect(try cleaned("ABC中Ｚ É×Ñ ΑΩ ЁЯ [PHONE] [ID]", "lowercase") == "abc中ｚ é×ñ αω ёя [PHONE] [ID]")
        #expect(try cleaned("[Phone] x", "lowercase") == "[phone] x")
    }

    @Test(arguments: [
        ("身份证11010519491231002X。", "身份证[ID]。"), ("11010519491231002x", "[ID]"),
        ("110105194912310021", "110105194912310021"),
        ("110105194913310020", "110105194913310020"), ("a11010519491231002X", "a11010519491231002X"),
        ("11010519491231002X9", "11010519491231002X9"), ("1101051949123100", "1101051949123100"),
    ])
    func identityCards(_ text: String, _ expected: String) throws {
        #expect(try cleaned(text, "identity-card") == expected)
    }

    @Test(arguments: [
        ("卡号4111111111111111。", "卡号[CARD]。"), ("4111 1111 1111 1111 元", "[CARD] 元"), ("4111-1111-1111-1111", "[CARD]"),
        ("4111111111111112", "4111111111111112"), ("4111 1111 1111", "4111 1111 1111"),
        ("1234567812345670", "1234567812345670"),
        ("0.4111111111111111", "0.4111111111111111"), ("4111-1111 1111 1111", "4111-1111 1111 1111"),
        ("41111111111111111111111", "41111111111111111111111"),
        // A digit too few, no issuer, a digit too many; all with right check digits.
        ("4006381333932", "4006381333932"), ("6799990100000000019", "6799990100000000019"),
        ("41111111111111113", "41111111111111113"), ("6200000000000000000", "[CARD]"), ("378282246310005", "[CARD]"),
    ])
    func bankCards(_ text: String, _ expected: String) throws { #expect(try cleaned(text, "bank-card") == expected) }

    @Test(arguments: [
        ("电话13812345678，", "电话[PHONE]，"), ("+86 138-1234-5678", "[PHONE]"), ("8613812345678", "[PHONE]"),
        ("0086-13812345678", "[PHONE]"), ("138 1234 5678", "[PHONE]"), ("12812345678", "12812345678"),
        ("138123456789", "138123456789"), ("3.13812345678", "3.13812345678"), ("138-1234 5678", "138-1234 5678"),
        ("010-62345678", "010-62345678"), ("+13812345678", "+[PHONE]"),
    ])
    func phones(_ text: String, _ expected: String) throws { #expect(try cleaned(text, "phone") == expected) }

    @Test(arguments: [
        ("正文在此。\n责任编辑：某人\n下文。", "正文在此。\n下文。"), ("【上一篇：甲】", ""), ("京ICP备12345号", ""), ("Copyright © 2020", ""),
        ("copyright: 2020", ""), ("京icp备1号", ""),
        ("all rights Reserved", ""),
        ("点击查看更多", ""), ("首页 > 新闻\n上一页", "首页 > 新闻\n"), ("编辑部的故事很有意思", "编辑部的故事很有意思"),
        ("版权所有者可以要求赔偿。", "版权所有者可以要求赔偿。"), ("他来源于北方。", "他来源于北方。"),
        ("编辑 config.json 并保存", "编辑 config.json 并保存"), ("编辑：张三", ""), ("（来源：某某日报）", ""),
        ("编辑：您认为下一步应当怎么办，双方会坐下来谈吗？", "编辑：您认为下一步应当怎么办，双方会坐下来谈吗？"),
        ("未经许可，不得经营烟花爆竹。", "未经许可，不得经营烟花爆竹。"), ("点击下载按钮，等待完成。", "点击下载按钮，等待完成。"),
        ("返回首页 | 联系我们 | 关于我们", ""), ("用户登录之后可以看到余额", "用户登录之后可以看到余额"), ("返回列表 x[::-1]", "返回列表 x[::-1]"),
        ("copyright 文件的格式", "copyright 文件的格式"), ("扫一扫可以付款吗", "扫一扫可以付款吗"), ("来源于生活：高于生活", "来源于生活：高于生活"),
        (
            String(repeating: "很长的一段话，", count: 12) + "京ICP备12345号",
            String(repeating: "很长的一段话，", count: 12) + "京ICP备12345号"
        ),
    ])
    func boilerplate(_ text: String, _ expected: String) throws {
        #expect(try cleaned(text, "boilerplate") == expected)
    }

    /// Each alone, so that nothing else in the text wakes the rule.
    @Test(arguments: [
        "icp备", "ICP证", "公网安备", "京公网", "版权所有翻印必究", "版权所有，侵权必究", "版权所有不得转载", "转载请注明出处", "未经授权不得转载", "未经授权禁止转载",
        "未经许可不得转载", "未经授权，不得转载", "未经许可，不得转载", "扫描下方二维码", "长按识别二维码", "设为星标", "请勿转载", "谢绝转载", "All Rights Reserved",
    ])
    func notices(_ notice: String) throws {
        #expect(try cleaned("文：" + notice, "boilerplate") == "")
        #expect(try cleaned("文：" + notice.dropLast(), "boilerplate") == "文：" + notice.dropLast())
    }

    @Test(arguments: [
        ("好。。。！！！", "好。！"), ("哈哈哈哈", "哈哈"), ("妈妈2000年WWW", "妈妈2000年WWW"), ("然而…………——————", "然而……——"), ("a    b", "a b"),
        ("--- ==== ...", "--- === ..."), ("段\n\n\n\n落", "段\n\n落"), ("𠮷𠮷𠮷", "𠮷𠮷"), ("囧冏", "囧冏"), ("１１１", "１１１"),
        ("中丮丯中", "中丮丯中"), ("性――能――――好⋯⋯", "性――能――好⋯⋯"),
    ])
    func runs(_ text: String, _ expected: String) throws { #expect(try cleaned(text, "runs") == expected) }

    @Test func runLimitsAreSettings() throws {
        #expect(try cleaned("好！！！！谢谢", "runs") { ($0.markRun, $0.letterRun) = (3, 1) } == "好！！！谢")
    }

    @Test(arguments: [
        ("甲。乙。甲。乙。丙。", "甲。乙。丙。"), ("甲。甲。甲。", "甲。"), ("甲。乙。甲。", "甲。乙。甲。"), ("一行\n一行\n二行", "一行\n二行"),
        ("甲。乙。乙。甲。甲。乙。乙。甲。", "甲。乙。甲。"),
    ])
    func repeatedBlocks(_ text: String, _ expected: String) throws { #expect(try cleaned(text, "repeats") == expected) }

    @Test func blocksUpToTheLimit() throws {
        for size in [99, 100] {
            let block = (0..<size).map { "第\($0)句。" }.joined()
            let result = try cleaned(block + block, "repeats")
            #expect(result == (size == 99 ? block : block + block))
        }
    }

    @Test func shortSentences() throws {
        let long = "这是一个有十个字的句子。"
        #expect(try cleaned("太短。" + long + "Too short!\n短。\n" + long, "short-sentences") == long + "\n" + long)
        #expect(try cleaned("one two three four five six seven eight nine ten.", "short-sentences").count == 49)
        #expect(try cleaned("太短。", "short-sentences") { $0.minSentenceWords = 2 } == "太短。")
    }

    @Test func spaces() throws {
        #expect(try cleaned(" \n 文 字 \t\n\n 行\n\n", "space") == "文 字\n\n 行")
        #expect(try cleaned(" \n\t", "space") == "")
    }
}
