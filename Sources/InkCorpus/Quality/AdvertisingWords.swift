import Foundation
import InkSupport

/// Tells advertisements, site notices and disclaimers by how many different signs of them a text shows.
///
/// One word says nothing: a customer's question about a coupon has it too. Advertisements heap up different ones, and
/// phone numbers; what customers and courts write about such things has words of its own, which count against it.
public struct AdvertisingWords: Sendable {
    /// Signs in a text.
    public struct Signs: Hashable, Sendable {
        /// Different words, and kinds of contact data, less those that count against it; 0 or more.
        public var count = 0
        /// Signs for each 100 characters; a shorter text counts as one of 100.
        public var density = 0.0
    }

    private let matcher: AhoCorasick
    /// The first words are signs, those from here on count against it.
    private let against: Int
    /// For each word the words inside it.
    private let inside: [[Int]]

    /// The words that come with Inkstone.
    public static let common = [
        "优惠", "特价", "包邮", "秒杀", "促销", "折扣", "抢购", "限时", "立减", "满减", "领券", "红包", "热线", "咨询", "咨询电话", "联系电话",
        "客服", "加微信", "微信号", "扫码", "二维码", "公众号", "点击", "下载", "注册", "免费", "欢迎来电", "欢迎选购", "欢迎拨打", "欢迎关注",
        "欢迎咨询", "订购", "招商", "加盟", "代理", "厂家", "批发", "报价", "低价", "质量保证", "售后", "正品", "旗舰店", "下单", "版权所有",
        "免责声明", "转载请注明", "备案号", "广告", "推广", "更多精彩", "关注我们", "本站", "贷款", "开户", "彩票", "包过", "代办", "立即", "赶快",
        "赶紧", "优质", "专业", "打造", "一站式", "海量", "轻松", "尊享", "火热", "火爆", "现车", "到店", "礼包", "详情", "报名", "从速",
        "名额有限", "邀您", "领取", "返现", "立省", "直降", "降价", "团购", "一键", "随时随地", "精彩", "福利", "豪礼", "您", "品牌", "全国",
        "会员", "上线", "平台", "官方", "最低价", "省钱", "首发", "火速", "惊喜", "超值", "抢先", "独家", "https://", "http://", "www.",
        "copyright", "Copyright",
    ]

    /// Words of those who complain, praise or judge.
    private static let opposite = [
        "差评", "垃圾", "太差", "态度", "投诉", "失望", "退货", "被骗", "不满", "好评", "快递", "我买", "我的", "被告", "原告", "法院", "病情", "患者",
    ]

    /// - Parameter words: signs in any number; empty ones count for nothing.
    public init(_ words: [String] = Self.common) {
        let signs = Set(words).filter { !$0.isEmpty }.sorted()
        let all = (signs + Self.opposite.filter { !signs.contains($0) }).map { Array($0.utf8) }
        against = signs.count
        matcher = AhoCorasick(all)
        var inside = [[Int]](repeating: [], count: all.count)
        for (word, bytes) in all.enumerated() {
            matcher.forEachMatch(in: bytes, 0..<bytes.count) { found, _ in
                if found != word { inside[word].append(found) }
                return true
            }
        }
        self.inside = inside
    }

    /// The common words and those of a file, one a line.
    /// - Throws: `InputError` when the file cannot be read, is not UTF-8 or holds no word.
    public init(commonAnd file: URL) throws { self.init(Self.common + (try WordList.read(file))) }

    /// The signs in a text.
    /// - Parameter utf8: valid UTF-8.
    public func signs(in utf8: [UInt8]) -> Signs {
        var found = Set<Int>()
        matcher.forEachMatch(in: utf8, 0..<utf8.count) { word, _ in
            found.insert(word)
            return true
        }
        for word in found { found.subtract(inside[word]) }
        let opposite = found.filter { $0 >= against }.count
        let count = max(0, found.count - opposite + (Self.hasPhoneNumber(utf8) ? 1 : 0) - 2 * opposite)
        let characters = Scalars.count(in: utf8[...])
        return Signs(count: count, density: 100 * Double(count) / Double(max(characters, 100)))
    }

    /// Whether 10 to 12 digits stand together, single hyphens and spaces between them allowed, that begin as phone numbers
    /// do.
    private static func hasPhoneNumber(_ utf8: [UInt8]) -> Bool {
        var (digits, first): (Int, UInt8) = (0, 0)
        var gap = 0
        func isNumber() -> Bool { (10...12).contains(digits) && [0x30, 0x31, 0x34, 0x38].contains(first) }
        for byte in utf8 {
            if (0x30...0x39).contains(byte) {
                if digits == 0 { first = byte }
                digits += 1
                gap = 0
            } else if digits > 0, gap == 0, byte == 0x2D || byte == 0x20 {
                gap = 1
            } else {
                if isNumber() { return true }
                (digits, gap) = (0, 0)
            }
        }
        return isNumber()
    }
}
