import Foundation
import InkSupport

/// Removes documents that are too short or long, are hardly Chinese, are mostly marks or digits, or hold words of a list.
///
/// Shares are of all characters but white space. For those of Chinese and of digits, a word of an alphabet or a number counts as
/// one character: otherwise a few English names or a telephone number weigh more than the sentence that they stand in.
public struct FilterStage: DocumentStage {
    /// What a document must be like to stay.
    public struct Limits: Sendable {
        /// Characters but white space.
        public var characters = 1...Int.max
        public var minChinese = 0.3
        public var maxPunctuation = 0.5
        public var maxSymbols = 0.3
        public var maxDigits = 0.4
        /// Occurrences of words of the list that are let pass.
        public var sensitiveLimit = 0

        public init() {}
    }

    /// The stage in pipelines and as a command.
    public static let kind = StageKind(
        "filter", "remove documents by length, share of Chinese, punctuation, symbols and digits, and a list of words",
        settings: [
            StageSetting("min-characters", "n", "the least characters but white space (usual: 1)"),
            StageSetting("max-characters", "n", "the most (usual: any number)"),
            StageSetting(
                "min-chinese", "0 to 1", "the least share of Chinese characters, words counted as one (usual: 0.3)"),
            StageSetting("max-punctuation", "0 to 1", "the most punctuation (usual: 0.5)"),
            StageSetting("max-symbols", "0 to 1", "the most symbols (usual: 0.3)"),
            StageSetting("max-digits", "0 to 1", "the most numbers, words and numbers counted as one (usual: 0.4)"),
            StageSetting("sensitive-words", "file", "words, one a line, that a document must not have"),
            StageSetting("sensitive-limit", "n", "how many of them are let pass (usual: 0)"),
        ]
    ) { settings in
        var limits = Limits()
        let least = try settings.value("min-characters", default: limits.characters.lowerBound)
        let most = try settings.value("max-characters", default: limits.characters.upperBound)
        guard least >= 0 else { throw settings.outOfRange("min-characters", expected: "0 or more", found: "\(least)") }
        guard most >= least else {
            throw settings.outOfRange("max-characters", expected: "min-characters (\(least)) or more", found: "\(most)")
        }
        limits.characters = least...most
        limits.minChinese = try share(&settings, "min-chinese", limits.minChinese)
        limits.maxPunctuation = try share(&settings, "max-punctuation", limits.maxPunctuation)
        limits.maxSymbols = try share(&settings, "max-symbols", limits.maxSymbols)
        limits.maxDigits = try share(&settings, "max-digits", limits.maxDigits)
        let file = try settings.value("sensitive-words", as: String.self)
        limits.sensitiveLimit = try settings.value("sensitive-limit", default: limits.sensitiveLimit)
        guard limits.sensitiveLimit >= 0 else {
            throw settings.outOfRange("sensitive-limit", expected: "0 or more", found: "\(limits.sensitiveLimit)")
        }
        let words = try file.map { try WordList.read(settings.input($0)) }
        return .document(FilterStage(limits, sensitiveWords: words ?? []))
    }

    public let name = "filter"
    private let limits: Limits
    private let words: [String]
    private let matcher: AhoCorasick?
    public private(set) var warnings: [String] = []

    /// - Parameter sensitiveWords: a document with more occurrences than `sensitiveLimit` leaves.
    public init(_ limits: Limits = Limits(), sensitiveWords: [String] = []) {
        self.limits = limits
        words = sensitiveWords
        matcher = sensitiveWords.isEmpty ? nil : AhoCorasick(sensitiveWords.map { Array($0.utf8) })
    }

    public func makeWorker() -> any DocumentWorker { Worker(self) }

    /// The stage behind one that cleans: words that cleaned text spells otherwise are never found, which it warns of.
    func behind(_ clean: CleanStage) -> FilterStage {
        let changed = words.lazy.compactMap { word in clean.spelling(of: word).map { (word, $0) } }
        guard let (word, spelling) = changed.first else { return self }
        var stage = self
        let count = changed.reduce(0) { count, _ in count + 1 }
        stage.warnings.append(
            "\(count) of \(words.count) sensitive words are never found, as the stage \(clean.name) before spells them "
                + "otherwise, the first \"\(word)\", then \"\(spelling)\"; write them as cleaned text has them, or filter first"
        )
        return stage
    }

    private static func share(_ settings: inout StageSettings, _ name: String, _ usual: Double) throws -> Double {
        let value = try settings.value(name, default: usual)
        guard (0...1).contains(value) else {
            throw settings.outOfRange(name, expected: "a share from 0 to 1", found: "\(value)")
        }
        return value
    }

    private final class Worker: DocumentWorker {
        private let stage: FilterStage
        private let table = ScalarClass.table

        init(_ stage: FilterStage) { self.stage = stage }

        func process(_ document: inout Document, _ tally: inout StageTally) -> Verdict {
            let limits = stage.limits
            let measure = TextMeasure(document.utf8, table)
            let count = measure.characters
            if count < limits.characters.lowerBound {
                return .remove(rule: "min-characters", detail: "\(count) characters")
            }
            if count > limits.characters.upperBound {
                return .remove(rule: "max-characters", detail: "\(count) characters")
            }
            func share(_ part: Int) -> Double { count == 0 ? 0 : Double(part) / Double(count) }
            func unitShare(_ part: Int) -> Double {
                measure.units == 0 ? 0 : Double(part) / Double(measure.units)
            }
            let chinese = unitShare(measure.chinese)
            if count > 0, chinese < limits.minChinese {
                return .remove(rule: "min-chinese", detail: Self.percent(chinese))
            }
            for (rule, share, limit) in [
                ("max-punctuation", share(measure.punctuation), limits.maxPunctuation),
                ("max-symbols", share(measure.symbols), limits.maxSymbols),
                ("max-digits", unitShare(measure.numbers), limits.maxDigits),
            ] where share > limit {
                return .remove(rule: rule, detail: Self.percent(share))
            }
            return sensitive(document.utf8) ?? .keep
        }

        private func sensitive(_ text: [UInt8]) -> Verdict? {
            guard let matcher = stage.matcher else { return nil }
            var hits = 0
            var found: [Int] = []
            matcher.forEachMatch(in: text, 0..<text.count) { word, _ in
                hits += 1
                if found.count < 3, !found.contains(word) { found.append(word) }
                return true
            }
            guard hits > stage.limits.sensitiveLimit else { return nil }
            let words = found.map { stage.words[$0] }.joined(separator: "、")
            return .remove(rule: "sensitive-words", detail: "\(hits) hits: \(words)")
        }

        private static func percent(_ share: Double) -> String {
            let tenths = Int((share * 1000).rounded())
            return "\(tenths / 10).\(tenths % 10) %"
        }
    }
}
