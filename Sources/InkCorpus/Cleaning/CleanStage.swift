import InkSupport

/// Cleans texts by rules; a document of which nothing is left is removed by the rule `empty`.
public struct CleanStage: DocumentStage {
    static let kindName = "clean"

    /// The stage in pipelines and as a command.
    public static let kind = StageKind(
        kindName, "take markup, addresses, noise and personal data out of texts, by rules and presets",
        settings: settings
    ) { settings in
        .document(try CleanStage(CleanSettings(&settings)))
    }

    public let name = CleanStage.kindName
    private let rules: [any CleaningRule]
    private let runLimits: RunLimits

    /// - Throws: `InputError` (`.run`) where traditional characters should be simplified and libopencc is missing.
    public init(_ settings: CleanSettings = CleanSettings()) throws {
        rules = try settings.makeRules()
        runLimits = settings.runLimits
    }

    /// How cleaned text spells a word, by the rules that replace characters one by one; nil where it stays as it is.
    func spelling(of word: String) -> String? {
        let spelling = CleanSettings.spellingRules
        var cleaner = Cleaner(rules.filter { spelling.contains($0.name) }, runLimits)
        var document = Document(text: word, id: "")
        var tally = StageTally()
        guard (try? cleaner.clean(&document, &tally)) != nil, document.text != word else { return nil }
        return document.text
    }

    public func makeWorker() -> any DocumentWorker { CleanWorker(Cleaner(rules, runLimits)) }
}

private final class CleanWorker: DocumentWorker {
    private var cleaner: Cleaner

    init(_ cleaner: Cleaner) { self.cleaner = cleaner }

    func process(_ document: inout Document, _ tally: inout StageTally) throws -> Verdict {
        try cleaner.clean(&document, &tally)
        return document.utf8.contains { $0 > 0x20 } ? .keep : .remove(rule: "empty")
    }
}

/// One thread's part of the cleaning.
///
/// The rules run in turn, again and again, until a whole turn changes nothing: what one rule takes away may bring together what
/// another looks for. So a cleaned text is never changed by cleaning it again.
private struct Cleaner {
    /// What a rule did to one document.
    private struct Account {
        var changes = 0
        var removedBytes = 0
    }

    /// Turns after which a text is left as it is. Ordinary text needs two or three; only text made to be nested needs more.
    private static let mostTurns = 20

    private let rules: [any CleaningRule]
    /// Of each rule, asked for every text.
    private let triggers: [TextFeatures]
    private var accounts: [Account]
    private var profile: TextProfile
    private var edits = TextEdits()

    init(_ rules: [any CleaningRule], _ runLimits: RunLimits) {
        self.rules = rules
        triggers = rules.map(\.triggers)
        accounts = Array(repeating: Account(), count: rules.count)
        profile = TextProfile(runLimits)
    }

    mutating func clean(_ document: inout Document, _ tally: inout StageTally) throws {
        profile.read(document.utf8)
        var hasChanged = false
        var unchanged = 0
        var step = 0
        while unchanged < triggers.count, step < Self.mostTurns * triggers.count {
            let index = step % triggers.count
            step += 1
            unchanged += 1
            if profile.features.isDisjoint(with: triggers[index]) { continue }
            edits.begin()
            try rules[index].apply(to: document.utf8, profile, &edits)
            guard edits.changes > 0 else { continue }
            edits.finish(document.utf8)
            take(index, &document, &tally)
            if let known = rules[index].featuresAfter(profile.features) {
                profile.features = known
            } else {
                profile.read(document.utf8)
            }
            hasChanged = true
            unchanged = 0
        }
        if hasChanged { report(&tally) }
    }

    /// Counts a rule's edits and makes them the text.
    private mutating func take(_ index: Int, _ document: inout Document, _ tally: inout StageTally) {
        let name = rules[index].name
        if accounts[index].changes == 0, let first = edits.first, tally.wantsExample(name, id: document.id) {
            tally.example(
                name, id: document.id, before: Excerpt.around(first.before, in: document.utf8),
                after: Excerpt.around(first.after, in: edits.output))
        }
        accounts[index].changes += edits.changes
        accounts[index].removedBytes += document.utf8.count - edits.output.count
        edits.swapOutput(&document.utf8)
    }

    private mutating func report(_ tally: inout StageTally) {
        for index in accounts.indices where accounts[index].changes > 0 {
            let account = accounts[index]
            tally.count(rules[index].name, changes: account.changes, removedBytes: max(0, account.removedBytes))
            accounts[index] = Account()
        }
    }
}

/// The surroundings of a place in a text, for examples in reports.
enum Excerpt {
    /// About 20 Chinese characters on each side.
    private static let context = 60
    /// A long place is cut in its middle.
    private static let longest = 240

    static func around(_ place: Range<Int>, in text: [UInt8]) -> String {
        let lower = boundary(max(0, place.lowerBound - context), text)
        let upper = boundary(min(text.count, place.upperBound + context), text)
        let start = lower > 0 ? "…" : ""
        let end = upper < text.count ? "…" : ""
        guard upper - lower > longest else { return start + string(text, lower..<upper) + end }
        let cut = boundary(lower + longest / 2, text)
        let resume = boundary(upper - longest / 2, text)
        return start + string(text, lower..<cut) + " … " + string(text, resume..<upper) + end
    }

    private static func boundary(_ place: Int, _ text: [UInt8]) -> Int {
        var place = place
        while place > 0, place < text.count, text[place] & 0xC0 == 0x80 { place -= 1 }
        return place
    }

    private static func string(_ text: [UInt8], _ range: Range<Int>) -> String {
        String(decoding: text[range], as: UTF8.self)
    }
}
