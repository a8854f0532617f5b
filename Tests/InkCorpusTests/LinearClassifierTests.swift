import Foundation
import InkCorpus
import InkSupport
import InkText
import Testing

@Suite struct LinearClassifierTests {
    private static let laws = ["本法所称合同是指民事主体之间的协议。", "公民的合法权益受法律保护。", "违反本条例的，依法追究责任。", "本办法自公布之日起施行。"]
    private static let sports = ["球队昨晚三比一赢下了比赛。", "前锋在终场前打进一球。", "教练对球员的表现很满意。", "这场比赛吸引了三万名球迷。"]

    private static func sample() -> DocumentSample {
        var sample = DocumentSample()
        for text in laws { sample.add(Array(text.utf8), label: 0) }
        for text in sports { sample.add(Array(text.utf8), label: 1) }
        return sample
    }

    private static func buckets(_ text: String, _ features: FeatureHashing) -> [UInt32] {
        var buckets: [UInt32] = []
        features.append(Array(text.utf8), to: &buckets)
        return buckets
    }

    @Test func countsOfNGrams() throws {
        // 4 + 3 + 2 characters' n-grams; the Chinese word n-grams are among them.
        #expect(Self.buckets("今天天气", try FeatureHashing(words: 2)).count == 9)
        // Characters 7; words GPU, 3, and the pair.
        #expect(Self.buckets("GPU 3 。", try FeatureHashing(characters: 1...1, words: 2)).count == 10)
        // A word n-gram across punctuation is a feature of its own: 3 characters, and 今天 as words.
        #expect(Self.buckets("今，天", try FeatureHashing(characters: 1...1, words: 2)).count == 4)
        #expect(Self.buckets("今，天", try FeatureHashing(characters: 2...3, words: 0)).count == 3)
        #expect(Self.buckets("", try FeatureHashing()).isEmpty)
    }

    @Test func wordsOfADictionary() throws {
        let dictionary = try WordDictionary(["今天", "天气", "图书馆员"].map { .init($0, frequency: 9) })
        func count(_ text: String, _ words: Int) throws -> Int {
            Self.buckets(text, try FeatureHashing(characters: 1...2, words: words, dictionary: dictionary)).count
        }
        // 4 + 3 characters' n-grams, 今天 and 天气 among them; the pair of words.
        #expect(try count("今天天气", 1) == 7)
        #expect(try count("今天天气", 2) == 8)
        // 4 + 3, and the word of four letters.
        #expect(try count("图书馆员", 1) == 8)
        // 8 + 7; words 今天 and 天气 are n-grams of characters, GPU is not; 2 pairs, a row of three.
        #expect(try count("今天GPU天气。", 1) == 8 + 7 + 1)
        #expect(try count("今天GPU天气。", 3) == 8 + 7 + 1 + 2 + 1)
        let features = try FeatureHashing(dictionary: dictionary)
        #expect(Self.buckets("今天天气", features) != Self.buckets("今天天气", try FeatureHashing()))

        let model = try LinearTrainer.train(Self.sample(), labels: ["law", "sport"], features: features)
        let file = FileManager.default.temporaryDirectory.appending(path: "model-\(UUID().uuidString).bin")
        defer { try? FileManager.default.removeItem(at: file) }
        try model.write(to: file)
        let opened = try LinearClassifier(contentsOf: file)
        #expect(Self.buckets("今天天气", opened.features) == Self.buckets("今天天气", features))
        #expect(opened.weights == model.weights)
    }

    @Test func sameTextSameBuckets() throws {
        let features = try FeatureHashing(bits: 16)
        let one = Self.buckets("砚台ABC😀", features)
        #expect(one == Self.buckets("砚台ABC😀", features))
        #expect(one.allSatisfy { $0 < 1 << 16 })
        #expect(Set(one) != Set(Self.buckets("台砚ABC😀", features)))
        #expect(throws: InputError.self) { try FeatureHashing(bits: 40) }
        #expect(throws: InputError.self) { try FeatureHashing(characters: 0...2) }
    }

    @Test(arguments: [2, 3]) func gradientByFiniteDifferences(classes: Int) throws {
        let features = try FeatureHashing(bits: 8)
        var classifier = try LinearClassifier(labels: (0..<classes).map { "c\($0)" }, features: features)
        for index in classifier.weights.indices {
            classifier.weights[index] = Float(Hash64.unit(Hash64.of(UInt64(index))) - 0.5)
        }
        let buckets = Self.buckets("合同合同ab", features)
        func loss(_ classifier: LinearClassifier) -> Double {
            -log(Double(classifier.probabilities(of: buckets[...])[1]))
        }
        var trainer = LinearTrainer(classifier)
        trainer.step(buckets[...], label: 1, rate: 1)
        let width: Float = 0.02
        for index in [Int(buckets[0]) * (classes == 2 ? 1 : classes), Int(buckets[5]) * (classes == 2 ? 1 : classes)] {
            for place in index..<index + (classes == 2 ? 1 : classes) {
                var (above, below) = (classifier, classifier)
                above.weights[place] += width
                below.weights[place] -= width
                let slope = (loss(above) - loss(below)) / Double(2 * width)
                let step = Double(classifier.weights[place] - trainer.classifier.weights[place])
                #expect(abs(slope - step) < 2e-3, "weight \(place)")
                #expect(abs(slope) > 1e-3)
            }
        }
    }

    @Test(arguments: LinearTrainer.Method.allCases) func learnsWhatCanBeTold(method: LinearTrainer.Method) throws {
        let options = LinearTrainer.Options(method: method, epochs: 20, threads: 1)
        let features = try FeatureHashing(bits: 14)
        let model = try LinearTrainer.train(
            Self.sample(), labels: ["law", "sport"], features: features, options: options)
        for text in Self.laws { #expect(model.probabilities(of: Array(text.utf8))[0] > 0.8) }
        for text in Self.sports { #expect(model.probabilities(of: Array(text.utf8))[1] > 0.8) }
        #expect(model.probabilities(of: Array("当事人应当遵守本法的规定。".utf8))[0] > 0.5)
        #expect(model.probabilities(of: Array("球迷为球队的比赛欢呼。".utf8))[1] > 0.5)

        var threaded = options
        threaded.threads = 4
        let same = try LinearTrainer.train(
            Self.sample(), labels: ["law", "sport"], features: features, options: threaded)
        #expect(same.weights == model.weights)
    }

    @Test func threeClasses() throws {
        var sample = Self.sample()
        for text in ["扫码加微信领优惠券。", "点击购买，全场包邮。", "限时特价，加微信咨询。"] { sample.add(Array(text.utf8), label: 2) }
        let model = try LinearTrainer.train(
            sample, labels: ["law", "sport", "advertisement"], features: try FeatureHashing(bits: 14),
            options: LinearTrainer.Options(epochs: 20))
        let probabilities = model.probabilities(of: Array("加微信，特价包邮".utf8))
        #expect(probabilities[2] > 0.5)
        #expect(abs(probabilities.reduce(0, +) - 1) < 1e-5)
        #expect(throws: InputError.self) {
            try LinearTrainer.train(sample, labels: ["a", "b", "c", "without"], features: try FeatureHashing(bits: 14))
        }
    }

    @Test func savedModelIsTheSame() throws {
        let model = try LinearTrainer.train(
            Self.sample(), labels: ["law", "sport"], features: try FeatureHashing(characters: 1...2, bits: 10))
        let file = FileManager.default.temporaryDirectory.appending(path: "linear-\(UUID().uuidString).bin")
        defer { try? FileManager.default.removeItem(at: file) }
        try model.write(to: file)
        let read = try LinearClassifier(contentsOf: file)
        #expect(read.weights == model.weights)
        #expect(read.bias == model.bias)
        #expect(read.features.characters == model.features.characters && read.features.words == model.features.words)
        #expect(read.features.bits == model.features.bits)
        #expect(read.labels == model.labels)

        let bytes = try Data(contentsOf: file)
        for length in [0, 5, 12, 40, bytes.count / 2, bytes.count - 1] {
            try bytes.prefix(length).write(to: file)
            #expect(throws: InputError.self, "\(length) bytes") { try LinearClassifier(contentsOf: file) }
        }
        var damaged = bytes
        damaged[bytes.count - 100] ^= 1
        try damaged.write(to: file)
        let error = #expect(throws: InputError.self) { try LinearClassifier(contentsOf: file) }
        #expect(error?.found?.contains("checksum") == true)
        // A header whose length lies about the file.
        damaged = bytes
        for index in 8..<16 { damaged[index] = 0xFF }
        try damaged.write(to: file)
        #expect(throws: InputError.self) { try LinearClassifier(contentsOf: file) }
        try Data("{\"labels\": []}".utf8).write(to: file)
        #expect(throws: InputError.self) { try LinearClassifier(contentsOf: file) }
    }

    @Test func sampleStaysWithinItsLimit() {
        var sample = DocumentSample(limit: 1000, seed: 3)
        var reversed = DocumentSample(limit: 1000, seed: 3)
        let texts = (0..<500).map { "第\($0)篇文档" }
        for text in texts { sample.add(Array(text.utf8), id: text) }
        for text in texts.reversed() { reversed.add(Array(text.utf8), id: text) }
        #expect(sample.offered == 500)
        #expect(sample.byteCount <= 1000)
        #expect(sample.count > 15)
        #expect(Set(sample.ids) == Set(reversed.ids))
        let (held, rest) = sample.split(share: 0.5)
        #expect(held.count + rest.count == sample.count)
        #expect(Set(held.ids).isDisjoint(with: rest.ids))
        #expect(held.count > 3 && rest.count > 3)
    }
}
