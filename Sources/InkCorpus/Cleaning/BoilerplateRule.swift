/// Takes lines away that belong to a web page and not to its text: navigation, credits, copyright and registration notices,
/// calls to click, scan or share. Only short lines are looked at, so that a sentence about copyright stays.
struct BoilerplateRule: CleaningRule {
    let name = "boilerplate"
    let triggers: TextFeatures = .text
    /// Bytes of the longest line looked at: 60 Chinese characters.
    private static let longestLine = 180

    /// Where words must stand to mark a line.
    private enum Place {
        /// At the beginning, with the line's end, a colon, a bar, a bracket or a space behind it.
        case label
        /// At the beginning of a line that is short indeed, with a colon behind it: 编辑：某人 but not 编辑文件.
        case credit
        /// At the beginning.
        case beginning
        /// The line has nothing else but such words.
        case menu
    }

    /// Bytes of the longest line with a credit: 20 Chinese characters.
    private static let longestCredit = 60

    private static let labels =
        """
        责任编辑 责编 本文来源 文章来源 信息来源 原标题 上一篇 下一篇 上一页 下一页 上一章 下一章 相关阅读 相关新闻 相关链接 相关文章 相关推荐 推荐阅读 延伸阅读 \
        热门推荐 热门文章 猜你喜欢 编辑推荐 分享到 分享至 免责声明 版权声明 特别声明 版权所有
        """
    private static let credits =
        "编辑 来源 发布时间 点击数 浏览次数 阅读次数 当前位置 您的位置 您现在的位置 您当前的位置 投稿邮箱"
    private static let beginnings =
        """
        点击查看更多 点击查看原文 点击查看全文 点击查看大图 点击查看详情 点击进入专题 点击进入直播 点击阅读原文 点击阅读全文 点击上方蓝字 点击上方关注 点击上方“ \
        点击下方阅读原文 点击下方链接 点击下方二维码 扫描二维码关注 扫一扫关注 扫一扫二维码 扫一扫下载 扫一扫添加 长按二维码 长按识别 关注微信公众号 关注官方微信 \
        欢迎关注微信 微信扫一扫 更多精彩内容 更多精彩请 转载请注明 转载请联系 未经本站 未经本网 未经本报 未经作者授权 本站所有 本网站所有 本站仅 如有侵权 \
        如需转载 如涉及版权 © copyright© copyright: copyright：
        """
    private static let menus =
        """
        上一页 下一页 上一篇 下一篇 返回首页 返回顶部 返回列表 返回目录 网站地图 联系我们 关于我们 加入收藏 收藏本站 设为首页 打印本页 关闭窗口 阅读原文 查看原文 阅读全文 \
        查看更多 加载更多 展开全文 发表评论 我要评论 网友评论 用户登录 会员登录 友情链接 广告合作 扫一扫
        """
    /// Anywhere in a line.
    private static let notices =
        """
        icp备 icp证 公网安备 京公网 版权所有翻印必究 版权所有，侵权必究 版权所有不得转载 转载请注明出处 未经授权不得转载 未经授权禁止转载 未经许可不得转载 \
        未经授权，不得转载 未经许可，不得转载 扫描下方二维码 长按识别二维码 设为星标 请勿转载 谢绝转载
        """

    private static let entries: [(text: [UInt8], place: Place)] =
        [(labels, Place.label), (credits, .credit), (beginnings, .beginning), (menus, .menu)].flatMap { list, place in
            words(list).map { ($0, place) }
        } + ["copyright ©", "copyright (c)", "copyright 19", "copyright 20"].map { (Array($0.utf8), .beginning) }
    private static let starts = AhoCorasick(entries.map(\.text), ignoresCase: true)
    private static let anywhere = AhoCorasick(words(notices) + [Array("all rights reserved".utf8)], ignoresCase: true)
    /// The last characters of what is looked for anywhere in a line: a text without one has none of it.
    static let noticeEnds = Set(
        (notices.split(separator: " ").compactMap(\.unicodeScalars.last) + ["d"]).map(\.value))

    private static let decoration = Set("【[（(<>《》·•|-－—*#▲▼◆■●↑↓→ \t　".unicodeScalars.map(\.value))
    private static let delimiters = Set("：:|/>】])）-—·•»＞ \t　".unicodeScalars.map(\.value))
    private static let gaps = decoration.union(delimiters)

    private let lineEnd = ByteSet("\n")

    func apply(to text: [UInt8], _ profile: TextProfile, _ edits: inout TextEdits) {
        let hasLines = profile.features.contains(.lineEnd)
        let mayHoldNotice = profile.features.contains(.noticeEnd)
        var start = 0
        while start < text.count {
            let end = hasLines ? lineEnd.next(in: text, from: start) : text.count
            if end > start, end - start <= Self.longestLine,
                begins(text, start..<end) || mayHoldNotice && holdsNotice(text, start..<end)
            {
                edits.remove(start..<min(end + 1, text.count), of: text)
            }
            start = end + 1
        }
    }

    private func begins(_ text: [UInt8], _ line: Range<Int>) -> Bool {
        let start = Self.end(of: Self.decoration, text, line)
        var found = false
        Self.starts.forEachPrefix(of: text, start..<line.upperBound) { pattern, end in
            let next = end < line.upperBound ? Scalars.scalar(text, end) : nil
            switch Self.entries[pattern].place {
            case .label: found = next.map(Self.delimiters.contains) ?? true
            case .credit: found = line.count <= Self.longestCredit && (next == 0x3A || next == 0xFF1A)
            case .beginning: found = true
            case .menu: found = isMenu(text, start..<line.upperBound)
            }
            return !found
        }
        return found
    }

    /// Whether a part of a line is made of nothing but words of menus.
    private func isMenu(_ text: [UInt8], _ line: Range<Int>) -> Bool {
        var position = line.lowerBound
        while position < line.upperBound {
            var wordEnd: Int?
            Self.starts.forEachPrefix(of: text, position..<line.upperBound) { pattern, end in
                if Self.entries[pattern].place == .menu { wordEnd = end }
                return true
            }
            guard let wordEnd else { return false }
            position = Self.end(of: Self.gaps, text, wordEnd..<line.upperBound)
        }
        return true
    }

    private func holdsNotice(_ text: [UInt8], _ line: Range<Int>) -> Bool {
        var found = false
        Self.anywhere.forEachMatch(in: text, line) { _, _ in
            found = true
            return false
        }
        return found
    }

    /// The end of the characters of a set with which a part of a line begins.
    private static func end(of set: Set<UInt32>, _ text: [UInt8], _ line: Range<Int>) -> Int {
        var position = line.lowerBound
        while position < line.upperBound, !(0xE4...0xE9).contains(text[position]),
            set.contains(Scalars.scalar(text, position))
        {
            position += Scalars.length(text[position])
        }
        return position
    }

    private static func words(_ list: String) -> [[UInt8]] { list.split(separator: " ").map { Array($0.utf8) } }
}
