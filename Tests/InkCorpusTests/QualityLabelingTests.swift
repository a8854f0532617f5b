import Foundation
import InkCorpus
import InkSupport
import Testing

@Suite struct QualityLabelingTests {
    /// Sentences put together from parts, so that there are many without a file.
    static func fluent(_ count: Int) -> [String] {
        let subjects = ["老师", "学生", "工程师", "医生", "作家", "司机"]
        let times = ["早上", "昨天", "下午", "去年", "周末"]
        let deeds = ["在图书馆里读书", "到河边散步", "给朋友写信", "修好了那台机器", "讲了一个有趣的故事", "参加了学校的会议", "种下一棵小树"]
        return (0..<count).map { index in
            let (subject, time) = (subjects[index % 6], times[index / 6 % 5])
            return "\(time)，\(subject)\(deeds[index % 7])，然后\(deeds[(index / 3 + 2) % 7])。第\(index)天。"
        }
    }

    static func sample(_ texts: [String]) -> DocumentSample {
        var sample = DocumentSample()
        for (index, text) in texts.enumerated() { sample.add(Array(text.utf8), id: "d\(index)") }
        return sample
    }

    static func shuffled(_ text: String) -> String {
        String(text.enumerated().sorted { Hash64.of(UInt64($0.offset)) < Hash64.of(UInt64($1.offset)) }.map(\.element))
    }

    @Test func probabilitiesSumToOne() {
        let model = CharacterLanguageModel(Self.sample(["ab", "abc", "bca", "ab"]))
        let seen: [Unicode.Scalar] = ["a", "b", "c"]
        let histories: [(Unicode.Scalar?, Unicode.Scalar?)] = [
            (nil, nil), (nil, "a"), ("a", "b"), ("c", "c"), ("z", "z"),
        ]
        for (first, second) in histories {
            let known = seen.map { model.probability(of: $0, after: first, second) }.reduce(0, +)
            // One share is that of every character never seen.
            let unknown = model.probability(of: "龘", after: first, second)
            #expect(abs(known + unknown - 1) < 1e-9)
            #expect(unknown > 0)
        }
        #expect(model.probability(of: "b", after: nil, "a") > 0.5)
        #expect(model.perplexity(of: []) == nil)
    }

    @Test func kneserNeyByHand() {
        // Trigrams (^ the beginning): ^^a 2, ^ab 1, ^ac 1. Discounts: no count of 1 but the two, n1 = 2, n2 = 1: 1/2.
        // Bigrams ^a ab ac, each behind one character: n1 = 3, n2 = 0, discount 0.95; unigrams a, b, c the same.
        let model = CharacterLanguageModel(Self.sample(["ab", "ac"]))
        let unigram = (1 - 0.95) / 3 + 0.95 * 3 / 3 * (1.0 / 4)
        let bigram = (1 - 0.95) / 2 + 0.95 * 2 / 2 * unigram
        let trigram = (1 - 0.5) / 2 + 0.5 * 2 / 2 * bigram
        #expect(abs(model.probability(of: "b", after: nil, "a") - trigram) < 1e-12)
    }

    @Test func shuffledTextIsMorePerplexing() throws {
        let texts = Self.fluent(200)
        let model = CharacterLanguageModel(Self.sample(Array(texts[..<150])))
        for text in texts[150...] {
            let fluent = try #require(model.perplexity(of: Array(text.utf8)))
            let broken = try #require(model.perplexity(of: Array(Self.shuffled(text).utf8)))
            #expect(broken > 2 * fluent)
        }
    }

    @Test(arguments: [
        ("特价！全场包邮了啊", 2), ("特价特价，都是特价", 1), ("联系电话电话", 1), ("读书写字", 0), ("", 0),
        ("特价！订票请打010-8854 5022", 2), ("特价13800138000元", 2), ("特价2004-2008，编号123456789", 1),
        ("特价，编号9912345678901", 1), ("特价包邮是骗人的，差评", 0), ("特价！全场包邮，好评返现，联系电话见下", 1),
    ]) func advertisingSigns(text: String, count: Int) {
        let words = AdvertisingWords(["特价", "包邮", "联系电话", "电话", ""])
        let signs = words.signs(in: Array(text.utf8))
        #expect(signs.count == count)
        #expect(signs.density == Double(count))
    }

    @Test func longTextsAreLessDense() {
        let words = AdvertisingWords(["特价", "包邮"])
        let text = "特价，包邮" + String(repeating: "读书写字", count: 100)
        let signs = words.signs(in: Array(text.utf8))
        #expect(signs.count == 2 && signs.density == 100 * 2.0 / 405)
    }

    @Test func orderGainTellsShuffledFromRare() throws {
        let texts = Self.fluent(2000)
        let model = CharacterLanguageModel(Self.sample(Array(texts[..<1900])))
        for text in texts[1900...] {
            let fluent = model.orderGain(of: Array(text.utf8))
            let broken = model.orderGain(of: Array(Self.shuffled(text).utf8))
            #expect(fluent.sum / Double(fluent.count) > 1)
            #expect(broken.sum / Double(max(broken.count, 1)) < 0.5)
            // Characters that the model never saw change the perplexity and not the gain of the others.
            let rare = model.orderGain(of: Array(("龘龖龘龖" + text).utf8))
            #expect(abs(rare.sum - fluent.sum) < 12 && rare.count <= fluent.count)
        }
        #expect(model.orderGain(of: Array("龘龖".utf8)).count == 0)
    }

    @Test func clustersKeepLikeTogether() throws {
        let first = (0..<12).map { "股票市场今天上涨，指数收盘报\($0)点，成交量放大" }
        let second = (0..<12).map { "把鸡蛋打散，加入\($0)克面粉，用小火慢慢煎熟" }
        let clusters = try DocumentClusters(Self.sample(first + second), clusters: 2, seed: 1).assignment
        #expect(Set(clusters[..<12]).count == 1)
        #expect(Set(clusters[12...]).count == 1)
        #expect(clusters[0] != clusters[12])
        #expect(try DocumentClusters(DocumentSample(), clusters: 3).assignment.isEmpty)
    }

    @Test func candidatesOfEachClass() throws {
        let fluent = Self.fluent(90)
        let broken = Self.fluent(130)[120...].map(Self.shuffled)
        let advertisements = (0..<10).map { "限时特价，专业厂家第\($0)期，扫码加微信领券，全场包邮，欢迎选购，联系电话一二三" }
        let sample = Self.sample(fluent + broken + advertisements + advertisements + ["特价包邮"])
        let candidates = try QualityLabeling(perClass: 10, clusters: 4).candidates(in: sample)
        #expect(Set(candidates.map(\.id)).count == candidates.count)
        func texts(_ kind: QualityClass) -> Set<String> {
            Set(candidates.filter { $0.candidate == kind }.map(\.text))
        }
        #expect(texts(.advertisement).isSubset(of: advertisements))
        #expect(texts(.advertisement).count >= 8)
        #expect(Set(candidates.map(\.text)).count == candidates.count)
        #expect(texts(.disfluent).intersection(broken).count >= 8)
        #expect(texts(.high).isSubset(of: fluent))
        #expect(texts(.high).count == 10)
        #expect(try candidates == QualityLabeling(perClass: 10, clusters: 4).candidates(in: sample))
        #expect(throws: InputError.self) { try QualityLabeling(perClass: 0) }
    }
}
