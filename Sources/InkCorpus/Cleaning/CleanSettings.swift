import InkSupport
import InkSystem

/// What `CleanStage` does: the rules that are on, and their numbers.
public struct CleanSettings: Sendable {
    /// Rules by name, in the order in which they run.
    ///
    /// Emoji come first, while their joiners are there; widths before what looks for ASCII; masks before numbers can be cut by
    /// runs; whole sentences last.
    public static let ruleNames = [
        "emoji", "characters", "width", "html", "urls", "emails", "traditional", "lowercase", "identity-card",
        "bank-card",
        "phone", "boilerplate", "runs", "repeats", "short-sentences", "space",
    ]

    /// The names of the rules that are on.
    public var rules: Set<String>
    /// Those that only spell characters otherwise.
    static let spellingRules: Set = ["width", "traditional", "lowercase"]

    /// Whether `width` also turns full-width punctuation into ASCII.
    public var widthPunctuation = false
    /// Characters that stay of a run of one mark, symbol or space.
    public var markRun = 1
    /// Characters that stay of a run of one Chinese character or other letter.
    public var letterRun = 2
    /// Sentences of the longest block that `repeats` collapses.
    public var repeatSentences = 99
    /// Words of the shortest sentence that stays.
    public var minSentenceWords = 10
    /// Where the settings come from, for messages.
    private var location = CleanStage.kindName

    public init(preset: CleanPreset = .standard) { rules = preset.rules }

    /// The settings `preset`, one of each rule's name (true or false), and the numbers.
    ///
    /// `traditional` is `keep` or `simplify`; sentences are dropped where `min-sentence-words` is above 0.
    /// - Throws: `InputError` (`.usage`) for a value that is impossible.
    init(_ settings: inout StageSettings) throws {
        self.init(preset: try settings.value("preset", default: CleanPreset.standard))
        location = settings.location
        for name in Self.ruleNames where name != "traditional" && name != "short-sentences" {
            guard let isOn = try settings.value(name, as: Bool.self) else { continue }
            turn(name, isOn)
        }
        if let choice = try settings.value("traditional", as: String.self) {
            guard ["keep", "simplify"].contains(choice) else {
                throw settings.outOfRange("traditional", expected: "keep or simplify", found: choice)
            }
            turn("traditional", choice == "simplify")
        }
        widthPunctuation = try settings.value("width-punctuation", default: widthPunctuation)
        markRun = try number(&settings, "mark-run", markRun, 1...10_000)
        letterRun = try number(&settings, "hanzi-run", letterRun, 1...10_000)
        repeatSentences = try number(&settings, "repeat-sentences", repeatSentences, 1...1000)
        let words = try number(
            &settings, "min-sentence-words", rules.contains("short-sentences") ? minSentenceWords : 0, 0...1000)
        turn("short-sentences", words > 0)
        minSentenceWords = words
    }

    /// Turns a rule on or off.
    public mutating func turn(_ rule: String, _ isOn: Bool) {
        if isOn { rules.insert(rule) } else { rules.remove(rule) }
    }

    /// Which repetitions are runs.
    var runLimits: RunLimits { RunLimits(mark: markRun, letter: letterRun) }

    /// The rules, in their order.
    /// - Throws: `InputError` (`.run`) where `traditional` needs a library that is missing.
    func makeRules() throws -> [any CleaningRule] {
        let all: [String: () throws -> any CleaningRule] = [
            "emoji": { EmojiRule() }, "characters": { CharacterRule() }, "html": { HTMLRule() }, "urls": { URLRule() },
            "width": { WidthRule(includesPunctuation: widthPunctuation) }, "emails": { EmailRule() },
            "traditional": {
                TraditionalRule(
                    converter: try OpenCC(configuration: "t2s.json", at: "\(location): traditional: simplify"))
            },
            "lowercase": { LowercaseRule() }, "identity-card": { IdentityCardRule() }, "bank-card": { BankCardRule() },
            "phone": { PhoneRule() }, "boilerplate": { BoilerplateRule() },
            "runs": { RunRule(limits: runLimits) },
            "repeats": { RepeatRule(longest: repeatSentences) },
            "short-sentences": { ShortSentenceRule(minimumWords: minSentenceWords) }, "space": { SpaceRule() },
        ]
        return try Self.ruleNames.compactMap { rules.contains($0) ? try all[$0]?() : nil }
    }

    private func number(
        _ settings: inout StageSettings, _ name: String, _ usual: Int, _ range: ClosedRange<Int>
    ) throws -> Int {
        let value = try settings.value(name, default: usual)
        guard range.contains(value) else {
            throw settings.outOfRange(name, expected: "\(range.lowerBound) to \(range.upperBound)", found: "\(value)")
        }
        return value
    }
}
