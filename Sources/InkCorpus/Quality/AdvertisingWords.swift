import Foundation
import InkSupport

/// Words that advertisements, site notices and disclaimers are full of, and how densely they stand in a text.
public struct AdvertisingWords: Sendable {
    /// The words by their first byte.
    private let words: [[[UInt8]]]

    /// The words that come with Inkstone.
    public static let common = [
        "优惠", "特价", "包邮", "秒杀", "促销", "折扣", "抢购", "限时", "立减", "满减", "领券", "红包", "热线", "咨询电话", "联系电话",
        "客服", "加微信", "微信号", "扫码", "二维码", "公众号", "点击", "下载", "注册", "免费试用", "欢迎来电", "欢迎选购", "订购", "招商",
        "加盟", "代理", "厂家", "批发", "报价", "低价", "质量保证", "售后", "正品", "旗舰店", "下单", "版权所有", "免责声明", "转载请注明",
        "备案号", "广告", "推广", "更多精彩", "关注我们", "本站", "贷款", "开户", "彩票", "包过", "代办",
    ]

    /// - Parameter words: words in any number; empty ones count for nothing.
    public init(_ words: [String] = Self.common) {
        var table = [[[UInt8]]](repeating: [], count: 256)
        for word in Set(words) {
            let bytes = Array(word.utf8)
            if let first = bytes.first { table[Int(first)].append(bytes) }
        }
        // The longest first: 联系电话 is one find.
        self.words = table.map { words in
            words.sorted { $0.count == $1.count ? $0.lexicographicallyPrecedes($1) : $0.count > $1.count }
        }
    }

    /// The common words and those of a file, one a line.
    /// - Throws: `InputError` when the file cannot be read or is not UTF-8.
    public init(commonAnd file: URL) throws {
        let reader = try LineReader(contentsOf: file)
        var words = Self.common
        while let line = try reader.next() { words.append(line.text.trimmingCharacters(in: .whitespaces)) }
        self.init(words)
    }

    /// Words found for each 100 characters.
    /// - Parameter utf8: valid UTF-8.
    public func density(of utf8: [UInt8]) -> Double {
        var (found, characters) = (0, 0)
        var position = 0
        // Where the last word ends: words do not overlap.
        var free = 0
        while position < utf8.count {
            if utf8[position] & 0xC0 != 0x80 { characters += 1 }
            if position >= free,
                let word = words[Int(utf8[position])].first(where: { utf8[position...].starts(with: $0) })
            {
                found += 1
                free = position + word.count
            }
            position += 1
        }
        return characters == 0 ? 0 : 100 * Double(found) / Double(characters)
    }
}
