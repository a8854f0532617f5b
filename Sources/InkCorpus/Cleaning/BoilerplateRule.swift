/// Takes lines away that belong to a web page and not to its text: navigation, credits, copyright and registration notices,
/// calls to click, scan or share. Only short lines are looked at, so that a sentence about copyright stays.
struct BoilerplateRule: CleaningRule {
    let name = "boilerplate"
    /// Bytes of the longest line looked at: 60 Chinese characters.
    private static let longestLine = 180

    private enum Place {
        /// At the beginning of the line, with the line's end, a colon, a bar or a space behind it.
        case label
        /// At the beginning of the line.
        case beginning
        case anywhere
    }

    private static let labels =
        """
        责任编辑 责编 编辑 本文来源 文章来源 信息来源 来源 原标题 上一篇 下一篇 上一页 下一页 上一章 下一章 相关阅读 相关新闻 相关链接 相关文章 相关推荐 推荐阅读 \
        延伸阅读 热门推荐 热门文章 猜你喜欢 编辑推荐 返回首页 返回顶部 返回列表 返回目录 网站地图 联系我们 关于我们 加入收藏 收藏本站 设为首页 打印本页 关闭窗口 \
        分享到 分享至 当前位置 您的位置 您现在的位置 您当前的位置 免责声明 版权声明 特别声明 版权所有 阅读原文 查看原文 阅读全文 查看更多 加载更多 展开全文 \
        点击数 浏览次数 阅读次数 发布时间 发表评论 我要评论 网友评论 用户登录 会员登录 友情链接 广告合作 投稿邮箱 Copyright
        """
    private static let beginnings =
        """
        点击查看 点击进入 点击下载 点击阅读 点击上方 点击下方 扫描二维码 扫一扫 长按二维码 长按识别 关注微信公众号 关注官方微信 欢迎关注微信 微信扫一扫 更多精彩内容 \
        更多精彩请 转载请注明 转载请联系 未经授权 未经许可 未经书面 本站所有 本网站所有 本站仅 如有侵权 如需转载 如涉及版权 ©
        """
    private static let places =
        """
        ICP备 ICP证 公网安备 京公网 版权所有翻印必究 版权所有，侵权必究 版权所有不得转载 转载请注明出处 未经授权不得转载 未经授权禁止转载 未经许可不得转载 \
        扫描下方二维码 长按识别二维码 设为星标 请勿转载 谢绝转载
        """

    private static let entries: [(text: [UInt8], place: Place)] =
        [(labels, Place.label), (beginnings, .beginning), (places, .anywhere)].flatMap { names, place in
            names.split(separator: " ").map { (Array($0.utf8), place) }
        } + [(Array("All Rights Reserved".utf8), .anywhere), (Array("All rights reserved".utf8), .anywhere)]

    private static let matcher = AhoCorasick(entries.map(\.text))
    private static let decoration = Set("【[（(<>《》·•|-－—*#▲▼◆■●↑↓→ \t　".unicodeScalars.map(\.value))
    private static let delimiters = Set("：:|/>】])）-—·•»＞ \t　".unicodeScalars.map(\.value))

    private let lineEnd = ByteSet("\n")

    func apply(to text: [UInt8], _ edits: inout TextEdits) {
        var start = 0
        while start < text.count {
            let end = lineEnd.next(in: text, from: start)
            if end > start, end - start <= Self.longestLine, isBoilerplate(text, start..<end) {
                edits.remove(start..<min(end + 1, text.count), of: text)
            }
            start = end + 1
        }
    }

    private func isBoilerplate(_ text: [UInt8], _ line: Range<Int>) -> Bool {
        var textStart: Int?
        var found = false
        Self.matcher.forEachMatch(in: text, line) { pattern, end in
            let entry = Self.entries[pattern]
            if entry.place != .anywhere {
                let begin = textStart ?? firstText(text, line)
                textStart = begin
                guard end - entry.text.count == begin else { return true }
            }
            found =
                entry.place != .label || end == line.upperBound || Self.delimiters.contains(Scalars.scalar(text, end))
            return !found
        }
        return found
    }

    /// Where a line's text begins behind brackets, arrows and dots.
    private func firstText(_ text: [UInt8], _ line: Range<Int>) -> Int {
        var position = line.lowerBound
        while position < line.upperBound, Self.decoration.contains(Scalars.scalar(text, position)) {
            position += Scalars.length(text[position])
        }
        return position
    }
}
